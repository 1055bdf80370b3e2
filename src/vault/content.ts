import { VaultError } from '../shared/errors.ts';
import { type ContentTexts, canonicalJson, canonicalSql, contentTexts, hashCanonical, hashTexts } from './canonical.ts';
import type { Database, WriteTx } from './database.ts';
import type { Content, Message, Settings, Variable } from './types.ts';
import { roles } from './types.ts';
import { declareNew, variableName } from './variables.ts';

/** A database or the handle of a write: both can read. */
export type Reader = Pick<Database, 'orm' | 'prepare'>;

const maxBytes = 10 * 1024 * 1024;

function invalid(field: string, message: string): VaultError {
  return new VaultError('INVALID_INPUT', message, { field });
}

function checkMessages(messages: readonly Message[]): void {
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'A prompt needs at least one message');
  for (const [i, message] of messages.entries()) {
    if (!roles.includes(message?.role)) {
      throw invalid(`messages[${i}].role`, `The role of message ${i + 1} must be one of ${roles.join(', ')}`);
    }
    if (typeof message.content !== 'string') throw invalid(`messages[${i}].content`, `Message ${i + 1} must be a text`);
  }
}

function checkVariables(variables: readonly Variable[]): void {
  if (!Array.isArray(variables)) throw invalid('variables', 'Variables must be a list');
  const seen = new Set<string>();
  for (const { name, default: preset, description } of variables) {
    if (typeof name !== 'string' || !variableName.test(name)) {
      throw invalid('variables', `"${name}" is no variable's name: use letters, digits and "_", not a digit first`);
    }
    if (seen.has(name)) throw invalid('variables', `The variable ${name} is declared twice. Keep one`);
    if (preset !== undefined && typeof preset !== 'string')
      throw invalid('variables', `The default of ${name} must be a text`);
    if (description !== undefined && typeof description !== 'string') {
      throw invalid('variables', `The description of ${name} must be a text`);
    }
    seen.add(name);
  }
}

function checkSettings(settings: Settings): void {
  if (settings === null || typeof settings !== 'object' || Array.isArray(settings)) {
    throw invalid('settings', 'Settings must be an object, such as {"temperature": 0.2}');
  }
}

/** A content with its new placeholders declared; `before` are the messages it replaces. Throws INVALID_INPUT. */
export function completeContent(content: Content, before: readonly Message[]): Content {
  checkMessages(content.messages);
  checkVariables(content.variables);
  return { ...content, variables: declareNew(content.variables, content.messages, before) };
}

/** The canonical texts and hash of a content. Throws INVALID_INPUT for what is no content, or is larger than 10 MB. */
export function sealContent(content: Content): { texts: ContentTexts; hash: string } {
  checkMessages(content.messages);
  checkVariables(content.variables);
  checkSettings(content.settings);
  const texts = contentTexts(content);
  const bytes =
    Buffer.byteLength(texts.messages) + Buffer.byteLength(texts.settings) + Buffer.byteLength(texts.variables);
  if (bytes > maxBytes) throw invalid('messages', 'The prompt is larger than 10 MB. Move data into variables');
  return { texts, hash: hashTexts(texts) };
}

/** Stores a content once and answers its hash. */
export function storeContent(tx: WriteTx, content: Content): string {
  const { texts, hash } = sealContent(content);
  if (tx.prepare('SELECT 1 FROM contents WHERE hash = ?').get(hash)) return hash;
  tx.prepare('INSERT INTO contents (hash, settings, variables, messages) VALUES (?, ?, ?, ?)').run(
    hash,
    texts.settings,
    texts.variables,
    texts.messages,
  );
  return hash;
}

function damaged(hash: string, cause?: unknown): VaultError {
  const message = `The stored content ${hash} is damaged. Run "promptvault verify", then restore a backup`;
  return new VaultError('DAMAGED', message, { hash }, cause);
}

/** The stored parts as values. Throws DAMAGED when they are missing or unreadable; the hash is not checked. */
export function parseStored(
  hash: string,
  texts: Pick<ContentTexts, 'settings' | 'variables'> | undefined,
): Pick<Content, 'settings' | 'variables'> {
  if (!texts) throw damaged(hash);
  try {
    return {
      settings: JSON.parse(texts.settings),
      variables: (JSON.parse(texts.variables) as Variable[]).map(nameFirst),
    };
  } catch (error) {
    throw damaged(hash, error);
  }
}

/** The content of a hash, checked against it: DAMAGED when a byte of it has changed. */
export function readContent(reader: Reader, hash: string): Content {
  const canonical = reader.prepare(`SELECT ${canonicalSql} FROM contents WHERE hash = ?`).pluck().get<string>(hash);
  if (canonical === undefined) throw damaged(hash);
  return openContent(hash, canonical);
}

/** A canonical text as a content. Throws DAMAGED when it is not the one the hash was taken over. */
export function openContent(hash: string, canonical: string): Content {
  if (hashCanonical(canonical) !== hash) throw damaged(hash);
  const { messages, settings, variables } = JSON.parse(canonical) as Content;
  return { messages: messages.map(roleFirst), settings, variables: variables.map(nameFirst) };
}

/** Canonical order is by key; people and scripts read the role and the name first. */
const roleFirst = ({ role, content }: Message): Message => ({ role, content });
const nameFirst = (variable: Variable): Variable => {
  if (variable.default === undefined && variable.description === undefined) return variable;
  const { name, ...rest } = variable;
  return { name, ...rest };
};

/** A line of text a person typed: trimmed, without control characters. Throws INVALID_INPUT. */
export function checkLine(field: string, text: string, maxLength: number): string {
  const line = checkText(field, text).trim();
  if (line === '' || line.length > maxLength || /\p{Cc}/u.test(line)) {
    throw invalid(field, `The ${field} must be one line of 1 to ${maxLength} characters`);
  }
  return line;
}

/** Any text, kept as it is. Throws INVALID_INPUT. */
export function checkText(field: string, text: string): string {
  if (typeof text !== 'string') throw invalid(field, `The ${field} must be a text`);
  canonicalJson(text);
  if (text.length > 100_000) throw invalid(field, `The ${field} is longer than 100,000 characters`);
  return text;
}

export function checkTag(tag: string): string {
  const line = checkLine('tag', tag, 64);
  if (line.includes(',')) throw invalid('tag', `"${line}" holds a comma. Give two tags instead`);
  return line;
}
