import { datasetHash } from './canonical.ts';
import type { Statement } from './statements.ts';
import type { Problem } from './types.ts';

/** A row of `dataset_contents`. */
export type StoredCases = { hash: string; columns: string; cases: string; case_count: number };

/** Null for a text that is no JSON any more. */
function hashOf({ columns, cases, case_count }: StoredCases): string | null {
  try {
    const content = { columns: JSON.parse(columns), cases: JSON.parse(cases) };
    return content.cases.length === case_count ? datasetHash(content) : null;
  } catch {
    return null;
  }
}

/** Whether stored cases are those that their hash was taken over. */
export const casesFit = (row: StoredCases): boolean => hashOf(row) === row.hash;

/** Results of runs name the cases by their hash, so a changed letter in them is found as one in a prompt is. */
export function checkDatasets(source: { prepare(sql: string): Statement }): Problem[] {
  // A vault of schema 1 has none.
  if (!source.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'dataset_contents'`).get()) return [];
  const stored = source.prepare('SELECT hash, columns, cases, case_count FROM dataset_contents');
  const broken: { hash: string; actual: string | null }[] = [];
  for (const row of stored.iterate<StoredCases>()) {
    const actual = hashOf(row);
    if (actual !== row.hash) broken.push({ hash: row.hash, actual });
  }
  const holders = source
    .prepare(
      'SELECT DISTINCT name FROM datasets d JOIN dataset_revisions r ON r.dataset_id = d.id WHERE r.hash IN (?, ?)',
    )
    .pluck();
  return broken.map(({ hash, actual }) => {
    // It may be the hash that changed, and not the cases.
    const names = holders.all<string>(hash, actual).join(', ') || 'a dataset that is gone';
    const detail = `The cases of ${names} are not those that ${hash} was taken over`;
    return { what: 'dataset changed', path: null, version: null, detail };
  });
}
