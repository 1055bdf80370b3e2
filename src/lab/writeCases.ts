import { stringify as toYaml } from 'yaml';
import type { JsonObject } from '../shared/json.ts';
import type { Case, Check } from './types.ts';

export const caseFormats = ['csv', 'json', 'jsonl', 'yaml'] as const;
export type CaseFormat = (typeof caseFormats)[number];

/** Cases as the text of a file that `readCaseFile` reads back to the same cases. In CSV every value is a text. */
export function writeCases(cases: readonly Case[], format: CaseFormat): string {
  return writers[format](cases);
}

const writers: { [Format in CaseFormat]: (cases: readonly Case[]) => string } = {
  csv: csvOf,
  json: (cases) => `${JSON.stringify(cases.map(rowOf), null, 2)}\n`,
  jsonl: (cases) => cases.map((one) => `${JSON.stringify(rowOf(one))}\n`).join(''),
  yaml: (cases) => toYaml(cases.map(rowOf)),
};

function rowOf({ name, variables, checks, prefix, suffix, threshold, metadata = {} }: Case): JsonObject {
  return {
    ...variables,
    __description: name,
    ...(checks.length === 0 ? {} : { __expected: checks.map(checkOf) }),
    ...(prefix === undefined ? {} : { __prefix: prefix }),
    ...(suffix === undefined ? {} : { __suffix: suffix }),
    ...(threshold === undefined ? {} : { __threshold: threshold }),
    ...Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`__metadata:${key}`, value])),
  };
}

const checkOf = (check: Check): JsonObject => JSON.parse(JSON.stringify(check)) as JsonObject;

function csvOf(cases: readonly Case[]): string {
  const most = Math.max(0, ...cases.map(({ checks }) => checks.length));
  const numbers = Array.from({ length: most }, (_, index) => `__expected${index + 1}`);
  const rows = cases.map((one) => {
    const { __expected: _, ...row } = rowOf(one);
    const checks = Object.fromEntries(one.checks.map((check, index) => [numbers[index]!, JSON.stringify(check)]));
    return { ...row, ...checks };
  });
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const order = [
    ...columns.filter((name) => !name.startsWith('__')),
    ...columns.filter((name) => name.startsWith('__')),
  ];
  const cell = (value: unknown) =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const lines = [order, ...rows.map((row) => order.map((name) => cell((row as JsonObject)[name])))];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

/** As it is, not guarded against spreadsheets: what is read back must be what was written. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
