import type { Database } from '../vault/database.ts';
import { requirePrompt } from '../vault/versionRows.ts';
import { wholeNumber } from '../vault/wholeNumber.ts';

/**
 * What the newest whole run said of a content. `cells` are all that came to an end; a person's mark counts above the checks.
 * `at` is when the run ended, ISO 8601 UTC.
 */
export type Evidence = {
  hash: string;
  runId: string;
  at: string;
  passed: number;
  failed: number;
  errors: number;
  cells: number;
};

/** Cells are found by their content, so what a version said before it was edited is no evidence for it. */
const newestRun = `
SELECT r.seq, r.id AS runId, r.finished_at AS at FROM runs r
WHERE r.seq IN (SELECT run_seq FROM cells WHERE hash = ?) AND r.status = 'done' AND r.stop_reason IS NULL
ORDER BY r.seq DESC LIMIT 1`;
const counts = `
SELECT count(*) AS cells, sum(state = 'pass') AS passed, sum(state = 'fail') AS failed, sum(state = 'error') AS errors
FROM (SELECT coalesce(m.mark, c.status) AS state FROM cells c
  LEFT JOIN marks m ON m.run_seq = c.run_seq AND m.idx = c.idx
  WHERE c.run_seq = ? AND c.hash = ? AND c.status IN ('pass', 'fail', 'error'))`;

type Run = { seq: number; runId: string; at: string };

/** One for each content of the prompt's newest versions, 200 unless told, that was ever run whole. NOT_FOUND for no prompt. */
export function evidenceOf(database: Database, { path, limit = 200 }: { path: string; limit?: number }): Evidence[] {
  return database.read(() => {
    const { id } = requirePrompt(database, path);
    const hashes = database
      .prepare(
        'SELECT content_hash FROM versions WHERE prompt_id = ? GROUP BY content_hash ORDER BY max(id) DESC LIMIT ?',
      )
      .pluck()
      .all<string>(id, wholeNumber('limit', limit));
    return hashes.flatMap((hash) => {
      const run = database.prepare(newestRun).get<Run>(hash);
      if (!run) return [];
      const found = database.prepare(counts).get<Omit<Evidence, 'hash' | 'runId' | 'at'>>(run.seq, hash)!;
      return [{ hash, runId: run.runId, at: run.at, ...found }];
    });
  });
}
