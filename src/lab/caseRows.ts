import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type { Json, JsonObject } from '../shared/json.ts';
import { badFile, parseJsonText, parseYaml } from './readDataFile.ts';

/** Rows as they stand in a file. `line` is where the row ends, null where the format does not tell. */
export type CaseRow = { line: number | null; values: JsonObject };
export type CaseTable = { columns: string[]; rows: CaseRow[] };
type Format = (file: string, text: string) => CaseTable;

const formats: { [extension: string]: Format } = {
  '.csv': csvRows,
  '.json': (file, text) => listRows(file, parseJsonText(file, text)),
  '.jsonl': jsonLines,
  '.ndjson': jsonLines,
  '.yaml': (file, text) => listRows(file, parseYaml(file, text)),
  '.yml': (file, text) => listRows(file, parseYaml(file, text)),
};

/** Reads the rows of a case file by its extension. BAD_FILE with the line where one is known; no rows are refused too. */
export function readRows(file: string, text: string): CaseTable {
  const format = formats[extname(file).toLowerCase()];
  if (!format) throw badFile(file, `cases are read from ${Object.keys(formats).join(', ')} files`);
  const table = format(file, text);
  if (table.rows.length === 0) throw badFile(file, 'it has no rows: nothing would be tested');
  return table;
}

function csvRows(file: string, text: string): CaseTable {
  if (text.trim() === '')
    throw badFile(file, 'it is empty. Its first line names the variables, each further line is a case');
  const records = parseCsv(file, text);
  const header = (records.shift()?.record ?? []).map((name) => name.trim());
  checkHeader(file, header);
  const rows = records.map(({ record, info }) => ({
    line: info.lines,
    values: Object.fromEntries(header.map((name, index) => [name, record[index] ?? ''])),
  }));
  return { columns: header, rows };
}

type CsvRecord = { record: string[]; info: { lines: number } };

function parseCsv(file: string, text: string): CsvRecord[] {
  try {
    return parse(text, { info: true, skip_empty_lines: true }) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : undefined;
    throw badFile(file, csvReasons[error.code] ?? error.message, line);
  }
}

const csvReasons: { [code: string]: string } = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH:
    'this row has more or fewer cells than the header. Put quotes around cells that hold commas',
  CSV_QUOTE_NOT_CLOSED: 'a quote that opens here or above is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote. Write a quote inside a quoted cell twice ("")',
  INVALID_OPENING_QUOTE:
    'a quote stands inside an unquoted cell. Put the whole cell in quotes and write the quote twice ("")',
};

function checkHeader(file: string, header: string[]): void {
  const only = header.length === 1 ? (header[0] ?? '') : '';
  if (/[;\t]/.test(only)) throw badFile(file, 'its cells are not separated by commas. Save it with commas', 1);
  const unnamed = header.indexOf('');
  if (unnamed >= 0) throw badFile(file, `column ${unnamed + 1} has no name`, 1);
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice) throw badFile(file, `two columns are named ${twice}`, 1);
}

function listRows(file: string, value: Json): CaseTable {
  if (!Array.isArray(value))
    throw badFile(file, 'it must hold a list of cases, each an object of variables and values');
  return tableOf(value.map((item, index) => ({ line: null, values: asObject(file, item, `case ${index + 1}`) })));
}

function jsonLines(file: string, text: string): CaseTable {
  const lines = text.split('\n').map((content, index) => ({ content: content.trim(), line: index + 1 }));
  const rows = lines
    .filter(({ content }) => content !== '')
    .map(({ content, line }) => ({ line, values: asObject(file, parseJsonText(file, content, line), `line ${line}`) }));
  return tableOf(rows);
}

function tableOf(rows: CaseRow[]): CaseTable {
  return { columns: [...new Set(rows.flatMap((row) => Object.keys(row.values)))], rows };
}

function asObject(file: string, value: Json, what: string): JsonObject {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  throw badFile(file, `${what} must be an object of variables and values`);
}
