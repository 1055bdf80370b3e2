import validRange from 'semver/ranges/valid.js';
import { VaultError } from '../shared/errors.ts';
import { parsePath } from './paths.ts';
import { type Stage, stages } from './types.ts';

export type VersionNumber = { major: number; minor: number };
export type Selector =
  | { kind: 'none' }
  | { kind: 'latest' }
  | { kind: 'stage'; stage: Stage }
  | ({ kind: 'number' } & VersionNumber)
  /** A semver range over released versions. */
  | { kind: 'range'; range: string };
export type Reference = { path: string; selector: Selector };

const number = /^v?([1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:\.0)?$/;

/** `2.3`, `v2.3` or `2.3.0`; null for anything else. */
export function parseVersionNumber(text: string): VersionNumber | null {
  const [, major, minor] = number.exec(text.trim()) ?? [];
  return major === undefined || minor === undefined ? null : { major: Number(major), minor: Number(minor) };
}

export function formatVersion({ major, minor }: VersionNumber): string {
  return `${major}.${minor}`;
}

/** `path[@selector]`. Throws INVALID_PATH for the path, INVALID_INPUT for the selector. */
export function parseReference(ref: string): Reference {
  const at = String(ref).indexOf('@');
  const path = at < 0 ? String(ref) : ref.slice(0, at);
  return { path: parsePath(path).path, selector: at < 0 ? { kind: 'none' } : parseSelector(ref.slice(at + 1)) };
}

function parseSelector(text: string): Selector {
  const exact = parseVersionNumber(text);
  if (exact) return { kind: 'number', ...exact };
  const word = text.trim();
  if (word.toLowerCase() === 'latest') return { kind: 'latest' };
  const stage = stages.find((name) => name === word.toUpperCase());
  if (stage) return { kind: 'stage', stage };
  const range = word === '' ? null : validRange(word);
  if (range !== null) return { kind: 'range', range };
  const why = `"@${text}" selects no version. Use a number (@2.3), a stage (@PRD, @TST, @DEV, @RET), @latest or a range (@^2)`;
  throw new VaultError('INVALID_INPUT', why, { field: 'ref', value: text });
}
