import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Database, WriteTx } from '../vault/database.ts';
import type { Content } from '../vault/types.ts';
import type { Answer } from './executeCell.ts';
import type { RunPlan } from './planRun.ts';
import { portableName } from './portableName.ts';
import { isAbandoned } from './runOwner.ts';
import { cells, runCases, runs } from './schema.ts';
import type { Totals } from './summary.ts';

export type RunRow = typeof runs.$inferSelect;
export type CaseRow = typeof runCases.$inferSelect;
export type CellRow = typeof cells.$inferSelect;
export type NewRun = { id: string; plan: RunPlan; cellCount: number; owner: string };
export type RunEnd = Pick<RunRow, 'status' | 'stopReason' | 'wallMs' | 'baseline' | 'regressions'> & Totals;

export type RunStore = ReturnType<typeof createRunStore>;

/** Runs, their cases and cells in the vault. Cells are written in batches without an event each; start and end are logged. */
export function createRunStore(database: Database) {
  const { orm } = database;

  return {
    insertRun({ id, plan, cellCount, owner }: NewRun): RunRow {
      const versions = plan.versions.map(({ path, version, hash }) => ({ path, version, hash }));
      return database.write((tx) => {
        const row = {
          ...{ id, owner, versions, cellCount, status: 'running' as const, startedAt: tx.at, heartbeatAt: tx.at },
          ...{
            actor: tx.actor,
            models: plan.models.map(({ name }) => name),
            casesFile: plan.casesFile && portableName(database.file, plan.casesFile),
          },
          ...{ caseCount: plan.cases.length, repeat: plan.repeat },
          baseline: plan.baseline && { ...plan.baseline, compared: 0, missing: 0 },
          options: { concurrency: plan.concurrency, maxCostUsd: plan.maxCostUsd, noCache: plan.noCache },
        };
        const inserted = tx.orm.insert(runs).values(row).returning().get();
        for (const chunk of chunks(plan.cases.map((one, idx) => ({ ...one, idx })))) {
          const rows = chunk.map(({ idx, id: caseId, key: caseKey, name, variables, checks }) => ({
            ...{ runSeq: inserted.seq, idx, caseId, caseKey, name, variables, checks },
          }));
          tx.orm.insert(runCases).values(rows).run();
        }
        logRun(tx, 'run.started', inserted);
        return inserted;
      });
    },

    /** Writes cells that ended, the totals so far, and that the run is alive. */
    append(seq: number, rows: readonly CellRow[], totals: Totals): void {
      database.writeUnlogged((tx) => {
        for (const chunk of chunks(rows)) tx.orm.insert(cells).values(chunk).run();
        tx.orm
          .update(runs)
          .set({ ...totals, heartbeatAt: tx.at })
          .where(eq(runs.seq, seq))
          .run();
      });
    },

    finish(seq: number, rows: readonly CellRow[], end: RunEnd): RunRow {
      return database.write((tx) => {
        for (const chunk of chunks(rows)) tx.orm.insert(cells).values(chunk).run();
        const ended = { ...end, finishedAt: tx.at, heartbeatAt: tx.at };
        const row = tx.orm.update(runs).set(ended).where(eq(runs.seq, seq)).returning().get();
        logRun(tx, 'run.finished', row);
        return row;
      });
    },

    /** Asks whoever runs it to stop. */
    requestCancel(seq: number): void {
      database.writeUnlogged((tx) => {
        const running = and(eq(runs.seq, seq), eq(runs.status, 'running'));
        tx.orm.update(runs).set({ stopReason: 'cancelled' }).where(running).run();
      });
    },
    cancelRequested(seq: number): boolean {
      const row = database
        .prepare('SELECT stop_reason FROM runs WHERE seq = ?')
        .get<{ stop_reason: string | null }>(seq);
      return row?.stop_reason === 'cancelled';
    },

    /** Marks runs whose process is gone. Another process may be running one right now: those are left alone. */
    markInterrupted(now: Date): void {
      if (database.readOnly) return;
      const abandoned = (reader: Pick<Database, 'orm'>) => {
        const open = reader.orm.select().from(runs).where(eq(runs.status, 'running')).all();
        return open.filter((run) => isAbandoned(run, now));
      };
      if (abandoned(database).length === 0) return;
      database.write((tx) => {
        for (const run of abandoned(tx)) {
          const wallMs = Math.max(0, Date.parse(run.heartbeatAt) - Date.parse(run.startedAt));
          const end = { status: 'interrupted' as const, finishedAt: run.heartbeatAt, wallMs };
          logRun(tx, 'run.finished', tx.orm.update(runs).set(end).where(eq(runs.seq, run.seq)).returning().get());
        }
      });
    },

    run(id: string): RunRow {
      const row = orm.select().from(runs).where(eq(runs.id, id)).get();
      if (row) return row;
      throw new VaultError('NOT_FOUND', `There is no run ${id}`, { ref: id });
    },
    /** Newest first. A run counts as a prompt's when it tested its path, or a content of its versions under an older path. */
    list({ path, hashes, limit }: { path?: string; hashes: readonly string[]; limit: number }): RunRow[] {
      const tested = (key: string) => sql`EXISTS (SELECT 1 FROM json_each(${runs.versions}) WHERE value ->> ${key}`;
      const named = path === undefined ? undefined : sql`${tested('path')} = ${path})`;
      const same = sql`${tested('hash')} IN (SELECT value FROM json_each(${JSON.stringify(hashes)})))`;
      const where = named && or(named, same);
      return orm.select().from(runs).where(where).orderBy(desc(runs.seq)).limit(limit).all();
    },
    cases: (seq: number): CaseRow[] =>
      orm.select().from(runCases).where(eq(runCases.runSeq, seq)).orderBy(asc(runCases.idx)).all(),
    cells: (seq: number): CellRow[] =>
      orm.select().from(cells).where(eq(cells.runSeq, seq)).orderBy(asc(cells.idx)).all(),
    cell: (seq: number, idx: number): CellRow | undefined =>
      orm
        .select()
        .from(cells)
        .where(and(eq(cells.runSeq, seq), eq(cells.idx, idx)))
        .get(),
    content: (hash: string): Content => {
      const row = database
        .prepare('SELECT messages, settings, variables FROM contents WHERE hash = ?')
        .get<{ messages: string; settings: string; variables: string }>(hash);
      if (!row) throw new VaultError('NOT_FOUND', `There is no content ${hash}`, { ref: hash });
      const { messages, settings, variables } = row;
      return { messages: JSON.parse(messages), settings: JSON.parse(settings), variables: JSON.parse(variables) };
    },

    /** The newest answer to the same call that was no stored answer itself. */
    findAnswer(cacheKey: string): Answer | null {
      const row = database.prepare(answerSql).get<Answer>(cacheKey);
      return row ?? null;
    },
    /** The cells of the newest run before `beforeSeq` in which this content met this model and case; none means never. */
    evidence({ hash, model, caseKey, beforeSeq }: { hash: string; model: string; caseKey: string; beforeSeq: number }) {
      const seq = database.prepare(evidenceSql).pluck().get<number>(hash, model, caseKey, beforeSeq);
      if (seq === undefined) return [];
      const same = and(eq(cells.runSeq, seq), eq(cells.hash, hash), eq(cells.model, model), eq(cells.caseKey, caseKey));
      return orm
        .select()
        .from(cells)
        .where(and(same, inArray(cells.status, ['pass', 'fail', 'error'])))
        .all();
    },
    /** Mean output tokens of stored answers; null when there are none. */
    meanOutput: (hash: string, model: string): number | null =>
      database
        .prepare('SELECT avg(output_tokens) FROM cells WHERE hash = ? AND model = ?')
        .pluck()
        .get<number | null>(hash, model) ?? null,
  };
}

const answerSql = `
SELECT output, latency_ms AS latencyMs, first_token_ms AS firstTokenMs, input_tokens AS inputTokens,
  output_tokens AS outputTokens, cached_tokens AS cachedTokens, cost_usd AS costUsd, finish_reason AS finishReason
FROM cells WHERE cache_key = ? AND cached = 0 AND status IN ('pass', 'fail') ORDER BY run_seq DESC LIMIT 1`;
const evidenceSql = `
SELECT max(run_seq) FROM cells
WHERE hash = ? AND model = ? AND case_key = ? AND run_seq < ? AND status IN ('pass', 'fail', 'error')`;

/** SQLite binds a limited number of values in one statement. */
function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += 200) yield items.slice(start, start + 200);
}

/** One entry in the story of each prompt that is in the run; it names the version when there is one of that prompt. */
function logRun(tx: WriteTx, kind: 'run.started' | 'run.finished', run: RunRow): void {
  const { id, status, models, versions, cellCount, passed, failed, errors } = run;
  const totals: JsonObject = kind === 'run.finished' ? { passed, failed, errors } : {};
  for (const path of new Set(versions.map((version) => version.path))) {
    const own = versions.filter((version) => version.path === path);
    tx.appendEvent({
      kind,
      promptId: tx.prepare('SELECT id FROM prompts WHERE path = ?').pluck().get<number>(path) ?? null,
      path,
      version: own.length === 1 ? (own[0]?.version ?? null) : null,
      details: { run: id, status, versions, models, cells: cellCount, ...totals },
    });
  }
}
