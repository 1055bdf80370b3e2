import { type Message, type Role, roles } from '../vault/types.ts';
import { FieldProblem, isData, readFields, text } from './promptFields.ts';
import { badFile } from './readText.ts';
import { readYaml } from './readYaml.ts';
import type { SourceFile } from './sourceFiles.ts';
import { emptyResult, type FormatResult, type SourcePrompt } from './sourcePrompt.ts';
import { lastPart } from './textFormat.ts';

// What `show --json` prints besides the prompt itself; a vault gives its own.
const printedKeys = [
  ...['version', 'stage', 'hash', 'revision', 'copiedFrom', 'rollbackOf', 'createdAt', 'createdBy', 'updatedAt'],
  ...['updatedBy', 'deployedAt', 'retiredAt', 'replacedBy'],
];
const bodyKeys = ['path', 'messages', 'prompt', 'system'];

export function readJsonFormat(file: SourceFile, content: string): FormatResult {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    throw badFile(file.shown, `JSON: ${(error as Error).message}`);
  }
  return readData(file, data);
}

export function readYamlFormat(file: SourceFile, content: string): FormatResult {
  return readData(file, readYaml(content, file.shown));
}

/** One prompt, a list of them, or `{ prompts: [...] }`, each in the `version` shape or with `prompt` and `system` texts. */
function readData(file: SourceFile, data: unknown): FormatResult {
  const result = emptyResult();
  const list = Array.isArray(data) ? data : isData(data) && Array.isArray(data.prompts) ? data.prompts : undefined;
  if (!list) {
    try {
      readItem(file, file.shown, data, result);
    } catch (error) {
      if (error instanceof FieldProblem) throw badFile(file.shown, error.message);
      throw error;
    }
    return result;
  }
  for (const [index, item] of list.entries()) {
    const source = `${file.shown}#${index + 1}`;
    try {
      readItem(file, source, item, result);
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      result.skipped.push({ source, reason: error.message });
    }
  }
  return result;
}

function readItem(file: SourceFile, source: string, item: unknown, result: FormatResult): void {
  if (!isData(item)) throw new FieldProblem('a prompt must be an object with messages or prompt');
  const { fields, unknown } = readFields(item, [...bodyKeys, ...printedKeys]);
  const path = item.path === undefined || item.path === null ? '' : text(item.path, 'path').trim();
  const named = path || (fields.title ? file.folder + fields.title.replace(/[/\\]/g, ' ') : file.name);
  const prompt: SourcePrompt = {
    ...fields,
    source,
    name: named,
    namesPath: path !== '',
    defaultTitle: fields.title ?? lastPart(named),
    messages: readMessages(item),
  };
  if (unknown.length > 0) result.notes.push({ source, note: `keys left out: ${unknown.join(', ')}` });
  result.prompts.push(prompt);
}

function readMessages(item: { [key: string]: unknown }): Message[] {
  if (item.messages !== undefined) {
    if (!Array.isArray(item.messages)) throw new FieldProblem('messages must be a list of { role, content }');
    if (item.messages.length === 0) throw new FieldProblem('messages is empty');
    return item.messages.map(readMessage);
  }
  if (typeof item.prompt !== 'string' || item.prompt.trim() === '') {
    throw new FieldProblem('no prompt in it: there must be messages, or prompt with its text');
  }
  const messages: Message[] = [{ role: 'user', content: item.prompt }];
  if (item.system !== undefined && item.system !== null && item.system !== '') {
    messages.unshift({ role: 'system', content: text(item.system, 'system') });
  }
  return messages;
}

function readMessage(message: unknown, index: number): Message {
  const place = `messages[${index}]`;
  if (!isData(message)) throw new FieldProblem(`${place} must be { role, content }`);
  if (!roles.includes(message.role as Role)) throw new FieldProblem(`${place}.role must be ${roles.join(', ')}`);
  if (typeof message.content !== 'string') throw new FieldProblem(`${place}.content must be text`);
  return { role: message.role as Role, content: message.content };
}
