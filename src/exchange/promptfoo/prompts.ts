import { basename, extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Json } from '../../shared/json.ts';
import type { Message } from '../../vault/types.ts';
import type { SourcePrompt } from '../sourcePrompt.ts';
import { type ConfigFile, dataOf, filesOf, isCode, isFileReference, textOf } from './files.ts';
import type { Leave } from './notCarried.ts';

type Found = { name: string; label?: string; source: string; messages: Message[] };
type Where = { configFile: string; where: string; leave: Leave };

/** The prompts of a configuration, each before it has a place in the vault. */
export async function readPrompts(value: Json | undefined, configFile: string, leave: Leave): Promise<SourcePrompt[]> {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const found: Found[] = [];
  for (const [index, entry] of list.entries()) {
    found.push(...(await readEntry(entry, { configFile, where: `prompts[${index}]`, leave })));
  }
  for (const { source, messages } of found) noteTemplates(messages, source, leave);
  return found.map(({ name, label, source, messages }) => ({
    ...{
      source,
      name: label ?? name,
      namesPath: false,
      defaultTitle: label ?? name,
      tags: ['promptfoo'],
      messages,
      settings: {},
    },
  }));
}

async function readEntry(entry: Json, at: Where): Promise<Found[]> {
  if (typeof entry === 'string') {
    if (isFileReference(entry) || looksLikeFile(entry)) return readFiles(entry, at);
    return [{ name: at.where.replace(/\W+/g, '-').replace(/-$/, ''), source: at.where, messages: messagesOf(entry) }];
  }
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return refuse(at, 'it is no prompt');
  const { id, label, raw, ...others } = entry as { [key: string]: Json };
  for (const key of Object.keys(others)) at.leave(at.where, key, 'a prompt has no such part here');
  const name = typeof label === 'string' ? label : undefined;
  if (typeof raw === 'string' && !isFileReference(raw)) {
    const own = name ?? (typeof id === 'string' ? id : at.where);
    return [{ name: own, label: name, source: at.where, messages: messagesOf(raw) }];
  }
  const file = typeof raw === 'string' ? raw : id;
  if (typeof file !== 'string') return refuse(at, 'it has neither a text nor a file');
  const found = await readFiles(file, at);
  return found.length === 1 ? found.map((one) => ({ ...one, label: name })) : found;
}

const looksLikeFile = (text: string) =>
  !text.includes('\n') && !text.includes('{{') && /^[\w./*-]+\.\w{1,5}(:\w+)?$/.test(text);

async function readFiles(reference: string, at: Where): Promise<Found[]> {
  if (isCode(reference)) return refuse(at, 'no code is run: write the prompt down');
  const files = await filesOf(reference, at.configFile);
  if (files.length === 0) return refuse(at, `no file fits ${reference}`);
  const found: Found[] = [];
  for (const file of files) {
    try {
      found.push(...(await readFile(file)));
    } catch (error) {
      at.leave(at.where, file.shown, (error as Error).message);
    }
  }
  return found;
}

function refuse({ where, leave }: Where, reason: string): Found[] {
  leave(where, 'prompt', reason);
  return [];
}

const readers: { [extension: string]: (file: ConfigFile) => Promise<Message[][]> } = {
  '.json': async (file) => [messagesOf(await textOf(file))],
  '.yaml': async (file) => [chat(await dataOf(file)) ?? messagesOf(await textOf(file))],
  '.jsonl': async (file) =>
    (await textOf(file))
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(messagesOf),
  '.csv': async (file) => {
    const rows = parse(await textOf(file), { columns: true, skip_empty_lines: true }) as { prompt?: string }[];
    return rows.flatMap(({ prompt }) => (prompt ? [messagesOf(prompt)] : []));
  },
};

async function readFile(file: ConfigFile): Promise<Found[]> {
  const extension = extname(file.absolute).replace('.yml', '.yaml');
  const read = readers[extension];
  // promptfoo parts the prompts of a text file by lines of three dashes.
  const parts = read
    ? await read(file)
    : (await textOf(file))
        .split(/^---\r?$/m)
        .filter((part) => part.trim() !== '')
        .map((part) => messagesOf(part.trim()));
  const name = basename(file.absolute, extname(file.absolute));
  const many = parts.length > 1;
  return parts.map((messages, index) => ({ name: many ? `${name}-${index + 1}` : name, source: file.shown, messages }));
}

/** A text, or the messages of a chat written as JSON. */
function messagesOf(text: string): Message[] {
  if (/^\s*\[/.test(text)) {
    try {
      const found = chat(JSON.parse(text) as Json);
      if (found) return found;
    } catch {
      // A text that begins with a bracket.
    }
  }
  return [{ role: 'user', content: text }];
}

const roles: { [role: string]: Message['role'] } = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

function chat(value: Json): Message[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = value.map((one) => {
    const { role, content } = (one ?? {}) as { role?: Json; content?: Json };
    const known = typeof role === 'string' ? roles[role] : undefined;
    return known && typeof content === 'string' ? { role: known, content } : undefined;
  });
  return messages.every((one) => one !== undefined) ? messages : undefined;
}

/** What Nunjucks would work out stays as it is written: the vault replaces plain `{{name}}` only. */
function noteTemplates(messages: readonly Message[], source: string, leave: Leave): void {
  for (const { content } of messages) {
    for (const [found] of content.matchAll(/\{%[\s\S]*?%\}|\{#[\s\S]*?#\}|\{\{[^}]*[^\w\s{}][^}]*\}\}/g)) {
      leave(
        source,
        found.slice(0, 60),
        'a Nunjucks expression is not worked out: it stays in the text as it is written',
      );
    }
  }
}
