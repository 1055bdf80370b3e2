import { VaultError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { type CaseRow, readRows } from './caseRows.ts';
import { prepareCheck } from './checks.ts';
import { parseExpectation } from './expectation.ts';
import { badFile, parseJsonText, parseYaml, readDataText } from './readDataFile.ts';
import type { Case, CaseSet, Check } from './types.ts';

const expected = /^__expected\d*$/;
/** Columns that say something about a row and change nothing about the run. */
const descriptive = /^(__metric|__metadata:.+)$/;

/**
 * Reads test data: one case per row, the header names the variables. `__expected`, `__expected1` … hold checks as promptfoo
 * spells them, `__description` the case's name; `__metric` and `__metadata:…` are passed over. Any other column that begins
 * with `__` is refused, since it would change what is sent or judged. Also reads lists of objects with the same names from
 * JSON, JSON Lines and YAML. FILE_NOT_FOUND, or BAD_FILE with the line.
 */
export async function readCaseFile(file: string): Promise<CaseSet> {
  const { columns, rows } = readRows(file, await readDataText(file));
  const strange = columns.find((name) => name.startsWith('__') && !isKnown(name));
  if (strange) {
    throw badFile(file, `the column ${strange} is not supported. Take it out, or rename it if it is a variable`, 1);
  }
  const variables = columns.filter((name) => !name.startsWith('__'));
  return { file, columns: variables, cases: rows.map((row, index) => caseOf(file, row, index + 1)) };
}

const isKnown = (name: string) => expected.test(name) || name === '__description' || descriptive.test(name);

function caseOf(file: string, row: CaseRow, number: number): Case {
  const entries = Object.entries(row.values);
  const variables = Object.fromEntries(entries.filter(([name]) => !name.startsWith('__')));
  const checks = entries.flatMap(([name, value]) =>
    expected.test(name) ? readChecks(value, { file, row, name }) : [],
  );
  const description = row.values.__description;
  const name =
    typeof description === 'string' && description.trim() !== '' ? description.trim() : caseName(variables, number);
  return { id: String(number), name, variables, checks };
}

/** What a person sees of a case without a description: its first value in one line. */
export function caseName(variables: { [name: string]: Json }, number: number): string {
  const first = Object.values(variables)[0];
  const text = (typeof first === 'string' ? first : JSON.stringify(first ?? '')).replace(/\s+/g, ' ').trim();
  if (text === '' || text === '""') return `Case ${number}`;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function readChecks(value: Json, where: { file: string; row: CaseRow; name: string }): Check[] {
  try {
    return checksOf(value);
  } catch (error) {
    const { file, row, name } = where;
    throw badFile(file, `in ${name}: ${(error as Error).message}`, row.line ?? undefined);
  }
}

function checksOf(value: Json): Check[] {
  if (Array.isArray(value)) return value.flatMap(checksOf);
  if (typeof value === 'string') return value.trim() === '' ? [] : [parseExpectation(value)];
  if (value !== null && typeof value === 'object') return [prepareCheck(checkObject(value))];
  return value === null ? [] : [prepareCheck({ type: 'equals', value: String(value) })];
}

const checkKeys = ['type', 'value', 'not', 'threshold', 'weight'];

/** A check written as an object; `type: not-contains` is the same as `not: true`. */
function checkObject(value: { [key: string]: Json }): Check {
  const unknown = Object.keys(value).find((key) => !checkKeys.includes(key));
  const fail = (reason: string) => new VaultError('INVALID_INPUT', reason, { field: 'checks' });
  if (unknown) throw fail(`a check has no ${unknown}; it has ${checkKeys.join(', ')}`);
  const { type, not } = value;
  if (typeof type !== 'string') throw fail('a check needs a type');
  if (not !== undefined && typeof not !== 'boolean') throw fail('not must be true or false');
  const negated = type.startsWith('not-');
  return { ...value, type: negated ? type.slice(4) : type, ...(negated ? { not: !not } : {}) } as Check;
}

/**
 * Reads checks that hold for every case: a YAML or JSON list of short texts (`icontains:refund`) or objects
 * (`{type, value, not, threshold, weight}`). FILE_NOT_FOUND or BAD_FILE.
 */
export async function readChecksFile(file: string): Promise<Check[]> {
  const text = await readDataText(file);
  const value = file.toLowerCase().endsWith('.json') ? parseJsonText(file, text) : parseYaml(file, text);
  if (!Array.isArray(value)) throw badFile(file, 'it must hold a list of checks');
  return value.flatMap((item, index) => {
    try {
      return checksOf(item);
    } catch (error) {
      throw badFile(file, `check ${index + 1}: ${(error as Error).message}`);
    }
  });
}
