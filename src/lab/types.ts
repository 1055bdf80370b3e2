import type { Json, JsonObject } from '../shared/json.ts';
import type { Message } from '../vault/types.ts';
import type { Check, CheckResult } from './checkTypes.ts';

export { type Check, type CheckResult, type CheckType, checkTypes } from './checkTypes.ts';

/**
 * One row of test data. `id` is stable for the same row (its number, from 1, as text); `name` is what a person sees. With
 * `threshold` (0 to 1) the case passes by its score. `prefix` and `suffix` go around the last user message.
 */
export type Case = {
  id: string;
  name: string;
  variables: { [name: string]: Json };
  checks: Check[];
  prefix?: string;
  suffix?: string;
  threshold?: number;
  metadata?: { [key: string]: Json };
};
export type CaseSet = { file: string | null; columns: string[]; cases: Case[] };

export type RunRequest = {
  /** `path@selector`, one per column group. */
  refs: string[];
  /** `vendor:model`. */
  models: string[];
  cases?: Case[];
  casesFile?: string;
  /** Checks added to every case. */
  checks?: Check[];
  repeat?: number;
  /** Calls under way at once per vendor; 8 unless told. */
  concurrency?: number;
  /** Hard stop in USD: no call is started once spent. */
  maxCostUsd?: number;
  /** `path@selector` whose newest cells are compared row by row. */
  baseline?: string;
  noCache?: boolean;
};
export type CellStatus = 'pass' | 'fail' | 'error';
/** A cell under way has status `waiting` or `running`; `cancelled` ones never ran. */
export type CellState = CellStatus | 'waiting' | 'running' | 'cancelled';
export type Cell = {
  version: string;
  /** The prompt's path: a run may hold versions of several prompts. */
  path: string;
  hash: string;
  model: string;
  case: string;
  repeat: number;
  status: CellState;
  output: string;
  checks: CheckResult[];
  latencyMs: number | null;
  firstTokenMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  cachedTokens: number | null;
  costUsd: number | null;
  error: { code: string; message: string } | null;
  /** The answer is an earlier run's: latency and cost are what it took and cost then. */
  cached: boolean;
  /** Why the model stopped; `length` is an answer cut at the token limit. */
  finishReason: string | null;
};
/** A cell with what was sent, for the detail view. */
export type CellDetail = Cell & {
  runId: string;
  index: number;
  caseName: string;
  request: { messages: Message[]; settings: JsonObject };
  attempts: number;
};

export type RunStatus = 'running' | 'done' | 'cancelled' | 'interrupted';
export type RunInfo = {
  id: string;
  status: RunStatus;
  startedAt: string;
  finishedAt: string | null;
  actor: string;
  /** `path@2.3` each. */
  versions: string[];
  models: string[];
  cases: number;
  /** Relative to the vault's project where it lies in it. */
  casesFile: string | null;
  repeat: number;
  cells: number;
  passed: number;
  failed: number;
  errors: number;
  /** What the answers cost, stored ones with what they cost then. */
  costUsd: number | null;
  /** What this run paid: `costUsd` without the stored answers. */
  spentUsd: number | null;
  wallMs: number;
  /** Why a run ended early: somebody cancelled it, or its cost limit was reached. */
  stopReason: 'cancelled' | 'budget' | null;
  /** How many pairs of case and model had stored results of the baseline to compare with. */
  baseline: { path: string; version: string; hash: string; compared: number; missing: number } | null;
};
export type ColumnSummary = {
  path: string;
  version: string;
  hash: string;
  model: string;
  cells: number;
  passed: number;
  failed: number;
  errors: number;
  /** Passed among those that passed or failed; errors say nothing about the prompt. 0 when none was judged. */
  passRate: number;
  /** Wilson 95 % interval of the pass rate. */
  ci95: [number, number];
  /** Sum of the known costs; null when an answer's cost is not known. */
  costUsd: number | null;
  /** Nearest rank, over answers got in this run. */
  latencyMs: { p50: number | null; p95: number | null };
  inputTokens: number;
  outputTokens: number;
};
/** A case that passed with the baseline and does not now. With repeats: every one passed then, one at least does not now. */
export type Regression = {
  case: string;
  model: string;
  path: string;
  version: string;
  baseline: 'pass';
  now: 'fail' | 'error';
};
/** The `test` shape of the CLI. Cells are in the order versions × models × cases × repeats, so the index is an address. */
export type RunResult = {
  run: RunInfo;
  summary: ColumnSummary[];
  cells: Cell[];
  regressions: Regression[];
  caseNames: { [id: string]: string };
};

/** What is told while a run goes on; `index` addresses the cell. Text arrives in batches, at most every 50 ms. */
export type RunProgress =
  | { type: 'started'; runId: string; run: RunInfo }
  | { type: 'text'; runId: string; index: number; text: string }
  | { type: 'retry'; runId: string; index: number; attempt: number; waitMs: number; reason: string }
  | { type: 'cell'; runId: string; index: number; cell: Cell }
  | { type: 'finished'; runId: string; run: RunInfo };

/** Said before a run: `costUsd` is null when any chosen model has no known price. */
export type RunEstimate = {
  calls: number;
  inputTokens: number;
  costUsd: number | null;
  unknownPrices: string[];
  problems: string[];
};
