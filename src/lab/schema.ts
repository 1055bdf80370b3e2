import { foreignKey, index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { JsonObject } from '../shared/json.ts';
import type { StoredTimeline } from './cellRows.ts';
import type { JudgeSetup, ModelChoice, Thresholds } from './dataTypes.ts';
import type { StoredRules } from './storedCases.ts';
import type { Case, CellStatus, Check, CheckResult, Regression, RunInfo, RunStatus, ThresholdResult } from './types.ts';

/** A column's version as it was when the run began. */
export type TestedVersion = { path: string; version: string; hash: string };
/** The baseline of a run and how many of its cases and models had stored results to compare with. */
export type StoredBaseline = TestedVersion & { compared: number; missing: number };

/** The saved state of a dataset a run went over. */
export type DatasetVersion = { name: string; revision: number; hash: string };

/** All a run needs, beside its columns, to go on after a crash; `reached` is written at its end. Older runs know the first three. */
export type RunOptions = {
  concurrency: number;
  maxCostUsd: number | null;
  noCache: boolean;
  /** Absent where every column is a plain model. */
  choices?: ModelChoice[];
  suiteRevision?: number;
  idleTimeoutMs?: number;
  judge?: JudgeSetup;
  thresholds?: Thresholds;
  reached?: ThresholdResult[];
};

/** The lab's tables as drizzle sees them; `vault/labTables.ts` makes them. */
export const runs = sqliteTable('runs', {
  seq: integer().primaryKey({ autoIncrement: true }),
  id: text().notNull().unique(),
  status: text().$type<RunStatus>().notNull(),
  startedAt: text('started_at').notNull(),
  finishedAt: text('finished_at'),
  actor: text().notNull(),
  versions: text({ mode: 'json' }).$type<TestedVersion[]>().notNull(),
  models: text({ mode: 'json' }).$type<string[]>().notNull(),
  casesFile: text('cases_file'),
  caseCount: integer('case_count').notNull(),
  repeat: integer().notNull(),
  cellCount: integer('cell_count').notNull(),
  options: text({ mode: 'json' }).$type<RunOptions>().notNull(),
  baseline: text({ mode: 'json' }).$type<StoredBaseline>(),
  regressions: text({ mode: 'json' }).$type<Regression[]>().notNull().default([]),
  passed: integer().notNull().default(0),
  failed: integer().notNull().default(0),
  errors: integer().notNull().default(0),
  costUsd: real('cost_usd'),
  spentUsd: real('spent_usd'),
  wallMs: integer('wall_ms').notNull().default(0),
  stopReason: text('stop_reason').$type<RunInfo['stopReason']>(),
  owner: text().notNull(),
  heartbeatAt: text('heartbeat_at').notNull(),
  suite: text(),
  dataset: text({ mode: 'json' }).$type<DatasetVersion>(),
  judgeUsd: real('judge_usd'),
  scoredFrom: text('scored_from'),
});

export const runCases = sqliteTable(
  'run_cases',
  {
    runSeq: integer('run_seq')
      .notNull()
      .references(() => runs.seq, { onDelete: 'cascade' }),
    idx: integer().notNull(),
    caseId: text('case_id').notNull(),
    name: text().notNull(),
    caseKey: text('case_key').notNull(),
    variables: text({ mode: 'json' }).$type<JsonObject>().notNull(),
    checks: text({ mode: 'json' }).$type<StoredRules>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runSeq, table.idx] })],
);

export const cells = sqliteTable(
  'cells',
  {
    runSeq: integer('run_seq')
      .notNull()
      .references(() => runs.seq, { onDelete: 'cascade' }),
    idx: integer().notNull(),
    hash: text().notNull(),
    model: text().notNull(),
    caseKey: text('case_key').notNull(),
    status: text().$type<CellStatus | 'cancelled'>().notNull(),
    output: text().notNull(),
    checks: text({ mode: 'json' }).$type<CheckResult[]>().notNull(),
    latencyMs: integer('latency_ms'),
    firstTokenMs: integer('first_token_ms'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    cachedTokens: integer('cached_tokens'),
    costUsd: real('cost_usd'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    cached: integer({ mode: 'boolean' }).notNull(),
    cacheKey: text('cache_key'),
    finishReason: text('finish_reason'),
    attempts: integer().notNull(),
    judgeUsd: real('judge_usd'),
    timeline: text({ mode: 'json' }).$type<StoredTimeline>(),
  },
  (table) => [
    primaryKey({ columns: [table.runSeq, table.idx] }),
    index('cells_by_evidence').on(table.hash, table.model, table.caseKey, table.runSeq),
    index('cells_by_cache_key').on(table.cacheKey),
  ],
);

export const datasetContents = sqliteTable('dataset_contents', {
  hash: text().primaryKey(),
  columns: text({ mode: 'json' }).$type<string[]>().notNull(),
  cases: text({ mode: 'json' }).$type<Case[]>().notNull(),
  caseCount: integer('case_count').notNull(),
});

export const datasets = sqliteTable('datasets', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  description: text().notNull().default(''),
  hash: text()
    .notNull()
    .references(() => datasetContents.hash),
  revision: integer().notNull(),
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  updatedAt: text('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
});

export const datasetRevisions = sqliteTable(
  'dataset_revisions',
  {
    datasetId: integer('dataset_id')
      .notNull()
      .references(() => datasets.id, { onDelete: 'cascade' }),
    revision: integer().notNull(),
    hash: text()
      .notNull()
      .references(() => datasetContents.hash),
    at: text().notNull(),
    actor: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.datasetId, table.revision] })],
);

export const caseMappings = sqliteTable(
  'case_mappings',
  {
    source: text().notNull(),
    path: text().notNull(),
    mapping: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.path] })],
);

export const suites = sqliteTable('suites', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  definition: text({ mode: 'json' }).$type<JsonObject>().notNull(),
  revision: integer().notNull(),
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  updatedAt: text('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
});

export const checkSets = sqliteTable('check_sets', {
  name: text().primaryKey(),
  checks: text({ mode: 'json' }).$type<Check[]>().notNull(),
  updatedAt: text('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
});

/** `mark` is null where only a note was written. */
export const marks = sqliteTable(
  'marks',
  {
    runSeq: integer('run_seq').notNull(),
    idx: integer().notNull(),
    mark: text().$type<'pass' | 'fail'>(),
    note: text().notNull().default(''),
    at: text().notNull(),
    actor: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runSeq, table.idx] }),
    foreignKey({ columns: [table.runSeq, table.idx], foreignColumns: [cells.runSeq, cells.idx] }).onDelete('cascade'),
  ],
);
