import type { Json, JsonObject } from '../../src/shared/json.ts';
import { deepEqual } from '../shared/deepEqual.ts';
import { findJsonProblem } from './jsonProblem.ts';

/** Settings as a person types them. What has no field of its own, or not that field's type, stands in `extra` as JSON. */
export type SettingsText = {
  model: string;
  temperature: string;
  maxTokens: string;
  topP: string;
  stop: string;
  extra: string;
  /** All settings as one JSON text, while that is how they are typed; null while the fields are. */
  json: string | null;
};
export type SettingsField = keyof SettingsText;
export type ParsedSettings = { settings: JsonObject; problems: Partial<Record<SettingsField, string>> };

type Codec = { write(value: Json): string | null; read(text: string): { value: Json } | { problem: string } };

const number = (rule: { min: number; max: number; whole?: true; problem: string }): Codec => ({
  write: (value) => (typeof value === 'number' ? String(value) : null),
  read(text) {
    const value = Number(text);
    const fits = value >= rule.min && value <= rule.max && (!rule.whole || Number.isInteger(value));
    return text.trim() !== '' && fits ? { value } : { problem: rule.problem };
  },
});

const stopLines: Codec = {
  write(value) {
    const writable = Array.isArray(value) && value.every((line) => typeof line === 'string' && line !== '');
    return writable && value.length > 0 ? value.map((line) => escapeLine(line as string)).join('\n') : null;
  },
  read: (text) => ({ value: text.split('\n').filter(Boolean).map(unescapeLine) }),
};

const codecs: Record<Exclude<SettingsField, 'extra' | 'json'>, Codec> = {
  model: {
    write: (value) => (typeof value === 'string' && value !== '' && value === value.trim() ? value : null),
    read: (text) => ({ value: text.trim() }),
  },
  temperature: number({ min: 0, max: 2, problem: 'A number from 0 to 2' }),
  maxTokens: number({ min: 1, max: 10_000_000, whole: true, problem: 'A whole number, 1 or more' }),
  topP: number({ min: 0, max: 1, problem: 'A number from 0 to 1' }),
  stop: stopLines,
};
const codecEntries = Object.entries(codecs) as [keyof typeof codecs, Codec][];

/** Settings as text; `parseSettings` of it gives the same settings again. */
export function settingsText(settings: JsonObject): SettingsText {
  const text: SettingsText = { model: '', temperature: '', maxTokens: '', topP: '', stop: '', extra: '', json: null };
  const extra: [string, Json][] = [];
  for (const [key, value] of Object.entries(settings)) {
    const codec = Object.hasOwn(codecs, key) ? codecs[key as keyof typeof codecs] : undefined;
    const written = codec?.write(value) ?? null;
    // A value its own field would refuse or change is left as JSON, so that opening a version never alters it.
    const read = written === null ? null : codec?.read(written);
    if (written !== null && read && 'value' in read && deepEqual(read.value, value))
      text[key as Exclude<SettingsField, 'json'>] = written;
    else extra.push([key, value]);
  }
  if (extra.length > 0) text.extra = JSON.stringify(Object.fromEntries(extra), null, 2);
  return text;
}

export function parseSettings(text: SettingsText): ParsedSettings {
  return text.json === null ? parseFields(text) : parseWhole(text.json);
}

/** The same settings, typed the other way; null as long as they cannot be read. */
export function otherView(text: SettingsText): SettingsText | null {
  const { settings, problems } = parseSettings(text);
  if (Object.keys(problems).length > 0) return null;
  if (text.json !== null) return settingsText(settings);
  return { ...settingsText(settings), json: JSON.stringify(settings, null, 2) };
}

function parseWhole(json: string): ParsedSettings {
  const settings = parseExtra(json);
  if (settings) return { settings, problems: {} };
  const wrong = findJsonProblem(json);
  const place = wrong ? `${placeIn(json, wrong.offset)}: ${wrong.expected} expected` : 'It must be one JSON object';
  return { settings: {}, problems: { json: place } };
}

function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `Line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

function parseFields(text: SettingsText): ParsedSettings {
  const problems: ParsedSettings['problems'] = {};
  const settings: JsonObject = {};
  for (const [key, codec] of codecEntries) {
    if (text[key].trim() === '') continue;
    const read = codec.read(text[key]);
    if ('problem' in read) problems[key] = read.problem;
    else settings[key] = read.value;
  }
  const extra = parseExtra(text.extra);
  const twice = Object.keys(extra ?? {}).find((key) => Object.hasOwn(settings, key));
  if (extra === null) problems.extra = 'Must be a JSON object, such as {"seed": 7}';
  else if (twice) problems.extra = `"${twice}" has a field of its own above`;
  return { settings: { ...settings, ...extra }, problems };
}

function parseExtra(text: string): JsonObject | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
const unescapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

function escapeLine(line: string): string {
  return line.replace(/[\n\r\t\\]/g, (char) => escapes[char] ?? char);
}
function unescapeLine(line: string): string {
  return line.replace(/\\([nrt\\])/g, (whole, char: string) => unescapes[char] ?? whole);
}
