import { VaultError } from '../shared/errors.ts';
import type { Content } from './types.ts';

/** Deeper JSON is somebody's mistake, and would end in a stack overflow. */
const maxDepth = 100;

/**
 * One text per JSON value (RFC 8785): sorted keys, no blanks, numbers as JavaScript writes them. A key whose value is
 * undefined is absent. Throws INVALID_INPUT for what JSON cannot say: NaN, infinities, broken Unicode, functions.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, field: string, depth: number): string {
  if (depth > maxDepth) throw invalid(field, `is nested deeper than ${maxDepth} levels`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(field, 'is not a finite number');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return text(value, field);
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${field}[${i}]`, depth + 1)).join(',')}]`;
  if (typeof value !== 'object') throw invalid(field, 'is not JSON');
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${text(key, field)}:${write(item, `${field}.${key}`, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function text(value: string, field: string): string {
  if (!value.isWellFormed()) throw invalid(field, 'holds half of a character (a lone surrogate). Remove it');
  return JSON.stringify(value);
}

function invalid(field: string, why: string): VaultError {
  return new VaultError('INVALID_INPUT', `${field} ${why}`, { field });
}

/** The three parts of a content as they are stored; together, in this order, they are the canonical content. */
export type ContentTexts = { messages: string; settings: string; variables: string };

export function contentTexts(content: Content): ContentTexts {
  const byName = [...content.variables].sort((a, b) => (a.name < b.name ? -1 : 1));
  const messages = content.messages.map(({ role, content: body }) => ({ role, content: body }));
  const variables = byName.map(({ name, default: preset, description }) => ({ name, default: preset, description }));
  return {
    messages: write(messages, 'messages', 0),
    settings: write(content.settings, 'settings', 0),
    variables: write(variables, 'variables', 0),
  };
}

/** The canonical content as one text. */
export const canonicalText = ({ messages, settings, variables }: ContentTexts): string =>
  `{"messages":${messages},"settings":${settings},"variables":${variables}}`;
