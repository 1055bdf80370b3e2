import type { Json } from '../shared/json.ts';
import { caseOfRow, isSpecialColumn, isVariable } from './caseColumns.ts';
import { type CaseRow, readRows } from './caseRows.ts';
import { readChecks } from './readChecks.ts';
import { badFile, parseJsonText, parseYaml, readDataText } from './readDataFile.ts';
import type { Case, CaseSet, Check } from './types.ts';

/**
 * Reads test data: one case per row, the header names the variables; `caseColumns.ts` says what columns that begin with
 * `__` mean, and one it does not know is refused. Also reads lists of objects with the same names from JSON, JSON Lines and
 * YAML. FILE_NOT_FOUND, or BAD_FILE with the line.
 */
export async function readCaseFile(file: string): Promise<CaseSet> {
  return readCaseText(file, await readDataText(file));
}

/** The same for a text at hand; `file` tells its format by its ending, and is named in errors. */
export function readCaseText(file: string, text: string): CaseSet {
  const { columns, rows } = readRows(file, text);
  const strange = columns.find((name) => !isVariable(name) && !isSpecialColumn(name));
  if (strange) {
    throw badFile(file, `the column ${strange} is not supported. Take it out, or rename it if it is a variable`, 1);
  }
  return { file, columns: columns.filter(isVariable), cases: rows.map((row, index) => caseOf(file, row, index + 1)) };
}

function caseOf(file: string, row: CaseRow, number: number): Case {
  try {
    return caseOfRow(row.values, number);
  } catch (error) {
    throw badFile(file, (error as Error).message, row.line ?? undefined);
  }
}

/**
 * Reads checks that hold for every case: a YAML or JSON list of short texts (`icontains:refund`) or objects
 * (`{type, value, not, threshold, weight}`). FILE_NOT_FOUND or BAD_FILE.
 */
export async function readChecksFile(file: string): Promise<Check[]> {
  const text = await readDataText(file);
  const value: Json = file.toLowerCase().endsWith('.json') ? parseJsonText(file, text) : parseYaml(file, text);
  if (!Array.isArray(value)) throw badFile(file, 'it must hold a list of checks');
  return value.flatMap((item, index) => {
    try {
      return readChecks(item);
    } catch (error) {
      throw badFile(file, `check ${index + 1}: ${(error as Error).message}`);
    }
  });
}
