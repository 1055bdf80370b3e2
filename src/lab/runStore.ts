import { and, asc, desc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { readContent, storeContent } from '../vault/content.ts';
import type { Database, WriteTx } from '../vault/database.ts';
import type { Content } from '../vault/types.ts';
import { dropMarks, writeCells } from './cellRows.ts';
import type { Answer } from './executeCell.ts';
import type { RunPlan } from './planRun.ts';
import { portableName } from './portableName.ts';
import { isAbandoned } from './runOwner.ts';
import { cells, marks, type RunOptions, runCases, runs } from './schema.ts';
import { storedRules } from './storedCases.ts';
import type { Totals } from './tally.ts';
import type { Cell, CellMark } from './types.ts';

export type RunRow = typeof runs.$inferSelect;
export type CaseRow = typeof runCases.$inferSelect;
export type CellRow = typeof cells.$inferSelect;
export type NewRun = { id: string; plan: RunPlan; cellCount: number; owner: string };
/** Cells that ended. Those in `replaced` had an answer before. */
export type Batch = { rows: readonly CellRow[]; replaced: readonly CellRow[] };
type RunPage = { path?: string; hashes: readonly string[]; limit: number; before?: string };
export type RunEnd = Pick<RunRow, 'status' | 'stopReason' | 'wallMs' | 'baseline' | 'regressions' | 'options'> & Totals;

export type RunStore = ReturnType<typeof createRunStore>;

/** Runs, their cases and cells in the vault. Cells are written in batches without an event each; start and end are logged. */
export function createRunStore(database: Database) {
  const { orm } = database;
  const writeBatch = (tx: WriteTx, { rows, replaced }: Batch) => {
    writeCells(tx, rows);
    dropMarks(tx, replaced);
  };

  return {
    insertRun({ id, plan, cellCount, owner }: NewRun): RunRow {
      const versions = plan.versions.map(({ path, version, hash }) => ({ path, version, hash }));
      return database.write((tx) => {
        // What is typed and not saved is in no version; its content must stay with its results.
        for (const { content } of plan.versions) storeContent(tx, content);
        const row = {
          ...{ id, owner, versions, cellCount, status: 'running' as const, startedAt: tx.at, heartbeatAt: tx.at },
          ...{
            actor: tx.actor,
            models: plan.models.map(({ name }) => name),
            casesFile: plan.casesFile && portableName(database.file, plan.casesFile),
          },
          ...{ suite: plan.suite?.name ?? null, dataset: plan.dataset, scoredFrom: plan.scoredFrom },
          ...{ caseCount: plan.cases.length, repeat: plan.repeat },
          baseline: plan.baseline && { ...plan.baseline, compared: 0, missing: 0 },
          options: optionsOf(plan),
        };
        const inserted = tx.orm.insert(runs).values(row).returning().get();
        const insertCase = tx.prepare(caseSql);
        for (const [idx, one] of plan.cases.entries()) {
          const json = [one.variables, storedRules(one)].map((value) => JSON.stringify(value));
          insertCase.run(inserted.seq, idx, one.id, one.name, one.key, ...json);
        }
        logRun(tx, 'run.started', inserted);
        return inserted;
      });
    },

    /**
     * Takes a run that has ended, or whose process is gone, to go on with it. Null when it is not as it was read: somebody
     * else took it first.
     */
    claim({ seq, status, owner, heartbeatAt, options }: RunRow, { as, maxCostUsd }: Claim): RunRow | null {
      return database.write((tx) => {
        const asRead = and(eq(runs.seq, seq), eq(runs.status, status), eq(runs.heartbeatAt, heartbeatAt));
        const claimed = { status: 'running' as const, owner: as, heartbeatAt: tx.at, stopReason: null };
        const row = tx.orm
          .update(runs)
          .set({ ...claimed, finishedAt: null, options: { ...options, maxCostUsd } })
          .where(and(asRead, eq(runs.owner, owner)))
          .returning()
          .get();
        if (row) logRun(tx, 'run.started', row);
        return row ?? null;
      });
    },

    /** Writes cells that ended, the totals so far, and that the run is alive. */
    append(seq: number, batch: Batch, totals: Totals): void {
      database.writeUnlogged((tx) => {
        writeBatch(tx, batch);
        const { passed, failed, errors, costUsd, spentUsd, judgeUsd } = totals;
        tx.prepare(aliveSql).run(passed, failed, errors, costUsd, spentUsd, judgeUsd, tx.at, seq);
      });
    },

    finish(seq: number, batch: Batch, end: RunEnd): RunRow {
      return database.write((tx) => {
        writeBatch(tx, batch);
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
          const end = { status: 'interrupted' as const, finishedAt: run.heartbeatAt, wallMs: wallOf(run) };
          logRun(tx, 'run.finished', tx.orm.update(runs).set(end).where(eq(runs.seq, run.seq)).returning().get());
        }
      });
    },

    run(id: string): RunRow {
      const row = orm.select().from(runs).where(eq(runs.id, id)).get();
      if (row) return row;
      throw new VaultError('NOT_FOUND', `There is no run ${id}`, { ref: id });
    },
    /** Newest first, older than `before`. A run counts as a prompt's when it tested its path, or a content of its versions under an older path. */
    list({ path, hashes, limit, before }: RunPage): RunRow[] {
      const tested = (key: string) => sql`EXISTS (SELECT 1 FROM json_each(${runs.versions}) WHERE value ->> ${key}`;
      const named = path === undefined ? undefined : sql`${tested('path')} = ${path})`;
      const same = sql`${tested('hash')} IN (SELECT value FROM json_each(${JSON.stringify(hashes)})))`;
      const older = before === undefined ? undefined : lt(runs.seq, this.run(before).seq);
      const where = and(older, named && or(named, same));
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
    content: (hash: string): Content => readContent(database, hash),
    marks: (seq: number): Map<number, CellMark> => {
      const rows = database
        .prepare('SELECT idx, mark, note, actor, at FROM marks WHERE run_seq = ?')
        .all<CellMark & { idx: number }>(seq);
      return new Map(rows.map(({ idx, ...mark }) => [idx, mark]));
    },

    /** Sets or takes back a mark, and what follows from it for a run that has ended. */
    setMark(row: RunRow, { index, mark, cell, run }: Marking): void {
      database.write((tx) => {
        if (mark) {
          const set = { mark: mark.mark, note: mark.note, at: mark.at, actor: mark.actor };
          const at = { target: [marks.runSeq, marks.idx], set };
          tx.orm
            .insert(marks)
            .values({ runSeq: row.seq, idx: index, ...set })
            .onConflictDoUpdate(at)
            .run();
        } else dropMarks(tx, [{ runSeq: row.seq, idx: index }]);
        if (run) tx.orm.update(runs).set(run).where(eq(runs.seq, row.seq)).run();
        const { path, version, model, case: one, judged } = cell;
        tx.appendEvent({
          ...{ kind: 'run.marked', promptId: promptIdOf(tx, path), path, version: version.replace(/\*$/, '') },
          details: { run: row.id, index, model, case: one, judged, mark: mark?.mark ?? null, note: mark?.note ?? null },
        });
      });
    },

    /** The newest answer to the same call that was no stored answer itself. */
    findAnswer(cacheKey: string): Answer | null {
      const row = database.prepare(answerSql).get<Answer>(cacheKey);
      return row ?? null;
    },
    /**
     * The cells of the newest run before `beforeSeq` in which this content met this model and case, with what a person said
     * of them; none means never.
     */
    evidence({ hash, model, caseKey, beforeSeq }: { hash: string; model: string; caseKey: string; beforeSeq: number }) {
      const seq = database.prepare(evidenceSql).pluck().get<number | null>(hash, model, caseKey, beforeSeq) ?? null;
      if (seq === null) return [];
      const same = and(eq(cells.runSeq, seq), eq(cells.hash, hash), eq(cells.model, model), eq(cells.caseKey, caseKey));
      const marked = and(eq(marks.runSeq, cells.runSeq), eq(marks.idx, cells.idx));
      return orm
        .select({ cell: cells, mark: marks.mark })
        .from(cells)
        .leftJoin(marks, marked)
        .where(and(same, inArray(cells.status, ['pass', 'fail', 'error'])))
        .all();
    },
    /** Means of the answers this model gave to this content, else to any; null when it never answered. */
    history(hash: string, { key, name }: { key: string; name: string }): History | null {
      const own = database.prepare(`${historySql} AND hash = ?`).get<History & { count: number }>(key, hash);
      const row = own?.count ? own : database.prepare(recentSql).get<History & { count: number }>(key, name);
      return row?.count ? row : null;
    },
  };
}

type Marking = {
  index: number;
  mark: CellMark | null;
  cell: Cell;
  run?: Pick<RunRow, 'passed' | 'failed' | 'errors' | 'options' | 'regressions'>;
};
type Claim = { as: string; maxCostUsd: number | null };
type History = { outputTokens: number; latencyMs: number; judgeUsd: number | null };

/** Milliseconds a run went on whose process is gone: until it was last heard of. */
export const wallOf = ({ wallMs, heartbeatAt, startedAt }: RunRow): number =>
  Math.max(wallMs, Date.parse(heartbeatAt) - Date.parse(startedAt));

function optionsOf({ concurrency, maxCostUsd, noCache, idleTimeoutMs, ...plan }: RunPlan): RunOptions {
  const { choices, suite, judge, thresholds } = plan;
  return {
    ...{ concurrency, maxCostUsd, noCache },
    ...(choices.every((choice) => typeof choice === 'string') ? {} : { choices }),
    ...(suite ? { suiteRevision: suite.revision } : {}),
    ...(idleTimeoutMs === null ? {} : { idleTimeoutMs }),
    ...(judge ? { judge } : {}),
    ...(Object.keys(thresholds).length > 0 ? { thresholds } : {}),
  };
}

const caseSql =
  'INSERT INTO run_cases (run_seq, idx, case_id, name, case_key, variables, checks) VALUES (?, ?, ?, ?, ?, ?, ?)';
const aliveSql = `
UPDATE runs SET passed = ?, failed = ?, errors = ?, cost_usd = ?, spent_usd = ?, judge_usd = ?, heartbeat_at = ?
WHERE seq = ?`;
const answerSql = `
SELECT output, latency_ms AS latencyMs, first_token_ms AS firstTokenMs, input_tokens AS inputTokens,
  output_tokens AS outputTokens, cached_tokens AS cachedTokens, cost_usd AS costUsd, finish_reason AS finishReason
FROM cells WHERE cache_key = ? AND cached = 0 AND status IN ('pass', 'fail') ORDER BY run_seq DESC LIMIT 1`;
const evidenceSql = `
SELECT max(run_seq) FROM cells
WHERE hash = ? AND model = ? AND case_key = ? AND run_seq < ? AND status IN ('pass', 'fail', 'error')`;
const historySql = `
SELECT count(*) AS count, avg(output_tokens) AS outputTokens, avg(latency_ms) AS latencyMs, avg(judge_usd) AS judgeUsd
FROM cells WHERE model = ? AND cached = 0 AND status IN ('pass', 'fail') AND output_tokens IS NOT NULL`;
// There is no index of a model alone; the runs that had it as a column are few.
const recentSql = `${historySql} AND run_seq IN
  (SELECT seq FROM runs WHERE EXISTS (SELECT 1 FROM json_each(models) WHERE value = ?) ORDER BY seq DESC LIMIT 5)`;

const promptIdOf = (tx: WriteTx, path: string): number | null =>
  tx.prepare('SELECT id FROM prompts WHERE path = ?').pluck().get<number>(path) ?? null;

/** One entry in the story of each prompt that is in the run; it names the version when there is one of that prompt. */
function logRun(tx: WriteTx, kind: 'run.started' | 'run.finished', run: RunRow): void {
  const { id, status, models, versions, cellCount, passed, failed, errors } = run;
  const totals: JsonObject = kind === 'run.finished' ? { passed, failed, errors } : {};
  for (const path of new Set(versions.map((version) => version.path))) {
    const own = versions.filter((version) => version.path === path);
    tx.appendEvent({
      kind,
      promptId: promptIdOf(tx, path),
      path,
      version: own.length === 1 ? (own[0]?.version ?? null) : null,
      details: { run: id, status, versions, models, cells: cellCount, ...totals },
    });
  }
}
