import { VaultError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { prepareCheck } from './checks.ts';
import { readChecks } from './readChecks.ts';
import type { Case, Check } from './types.ts';

/**
 * Columns with a meaning, spelled as promptfoo does: `__expected` and `__expected1` … hold checks, `__config:__expected2:threshold`
 * a part of one, `__metric` names the row's metric, `__description` the case, `__prefix` and `__suffix` stand around the last
 * user message, `__threshold` lets the row pass by its score, `__metadata:area` says something of it (`__metadata:areas[]`
 * a list, separated by commas).
 */
const expected = /^__expected(\d*)$/;
const config = /^__config:__expected(\d*):(threshold|weight|metric)$/;
const metadata = /^__metadata:(.+?)(\[\])?$/;
const plain = ['__description', '__prefix', '__suffix', '__threshold', '__metric'];

/** Whether a column that begins with `__` is one of these; any other would change what is sent or judged unseen. */
export function isSpecialColumn(name: string): boolean {
  return plain.includes(name) || [expected, config, metadata].some((pattern) => pattern.test(name));
}

export const isVariable = (column: string) => !column.startsWith('__');

/** What a person sees of a case without a description: its first value in one line. */
export function caseName(variables: { [name: string]: Json }, number: number): string {
  const first = Object.values(variables)[0];
  const text = (typeof first === 'string' ? first : JSON.stringify(first ?? '')).replace(/\s+/g, ' ').trim();
  if (text === '' || text === '""') return `Case ${number}`;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** A row's values as a case. INVALID_INPUT, with the column in the words, when one cannot be used. */
export function caseOfRow(values: JsonObject, number: number): Case {
  const entries = Object.entries(values);
  const variables = Object.fromEntries(entries.filter(([name]) => isVariable(name)));
  const description = textOf(values.__description);
  const [prefix, suffix] = [textOf(values.__prefix), textOf(values.__suffix)];
  const threshold = thresholdOf(values.__threshold);
  const about = metadataOf(entries);
  return {
    id: String(number),
    name: description.trim() || caseName(variables, number),
    variables,
    checks: checksOf(values, entries),
    ...(prefix === '' ? {} : { prefix }),
    ...(suffix === '' ? {} : { suffix }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(Object.keys(about).length === 0 ? {} : { metadata: about }),
  };
}

const textOf = (value: Json | undefined) => (value === undefined || value === null ? '' : String(value));

function thresholdOf(value: Json | undefined): number | undefined {
  if (textOf(value).trim() === '') return undefined;
  const share = Number(value);
  if (share >= 0 && share <= 1) return share;
  throw new VaultError('INVALID_INPUT', 'in __threshold: it is a share from 0 to 1', { field: '__threshold' });
}

function metadataOf(entries: [string, Json][]): JsonObject {
  const found: JsonObject = {};
  for (const [name, value] of entries) {
    const [, key, list] = metadata.exec(name) ?? [];
    if (key === undefined || textOf(value) === '') continue;
    found[key] =
      list && typeof value === 'string'
        ? value
            .split(/(?<!\\),/)
            .map((part) => part.replaceAll('\\,', ',').trim())
            .filter((part) => part !== '')
        : value;
  }
  return found;
}

function checksOf(values: JsonObject, entries: [string, Json][]): Check[] {
  const metric = textOf(values.__metric).trim();
  return entries.flatMap(([name, value]) => {
    const [, number] = expected.exec(name) ?? [];
    if (number === undefined) return [];
    try {
      const parts = partsFor(number, entries);
      return readChecks(value).map((check) =>
        prepareCheck({ ...(metric === '' ? {} : { metric }), ...check, ...parts }),
      );
    } catch (error) {
      throw new VaultError('INVALID_INPUT', `in ${name}: ${(error as Error).message}`, { field: name }, error);
    }
  });
}

/** `__expected` and `__expected1` are the same column to promptfoo. */
function partsFor(number: string, entries: [string, Json][]): Partial<Check> {
  const parts: { [key: string]: Json } = {};
  for (const [name, value] of entries) {
    const [, of, key] = config.exec(name) ?? [];
    if (key === undefined || (of || '1') !== (number || '1') || textOf(value).trim() === '') continue;
    parts[key] = key === 'metric' ? textOf(value) : Number(value);
    if (Number.isNaN(parts[key])) throw new VaultError('INVALID_INPUT', `${key} is a number`, { field: name });
  }
  return parts as Partial<Check>;
}
