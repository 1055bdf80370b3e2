import type { Json, JsonObject } from '../shared/json.ts';
import type { Content, Message } from '../vault/types.ts';
import type { Check, CheckResult } from './checkTypes.ts';
import type { BaselineComparison } from './compareRun.ts';
import type { JudgeSetup, ModelChoice, Thresholds } from './dataTypes.ts';

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
  /** What a ref says in an editor that is not saved: it is tested instead of what is stored, and shown as `2.3*`. */
  unsaved?: { ref: string; content: Content }[];
  /** `vendor:model`, each with settings above the version's own. */
  models: ModelChoice[];
  cases?: Case[];
  casesFile?: string;
  /** Name of a dataset of the vault. */
  dataset?: string;
  /** Variable to column, where the names differ; the saved mapping unless given. */
  mapping?: { [variable: string]: string };
  /** Name of a suite: fills what is absent here. */
  suite?: string;
  /** Checks added to every case. */
  checks?: Check[];
  /** Names of check sets added to every case. */
  checkSets?: string[];
  judge?: JudgeSetup;
  thresholds?: Thresholds;
  repeat?: number;
  /** Calls under way at once per vendor; 8 unless told. */
  concurrency?: number;
  /** Longest silence of a model in ms once text flows, twice that before; 60 s unless told. */
  idleTimeoutMs?: number;
  /** Hard stop in USD, judges counted: no call is started once spent. */
  maxCostUsd?: number;
  /** `path@selector` whose newest cells are compared row by row. */
  baseline?: string;
  noCache?: boolean;
};
export type CellStatus = 'pass' | 'fail' | 'error';
/** A cell under way has status `waiting` or `running`; `cancelled` ones never ran. */
export type CellState = CellStatus | 'waiting' | 'running' | 'cancelled';
/** A person's word on a cell. Only a note was written where `mark` is null. */
export type CellMark = { mark: 'pass' | 'fail' | null; note: string; actor: string; at: string };
/** A moment of a cell in milliseconds since its turn came. */
export type CellMoment = {
  at: number;
  what: 'queued' | 'sent' | 'retry' | 'firstToken' | 'done' | 'judged';
  detail?: string;
};
export type Cell = {
  version: string;
  /** The prompt's path: a run may hold versions of several prompts. */
  path: string;
  hash: string;
  model: string;
  case: string;
  repeat: number;
  /** What counts: a person's mark above what the checks say. */
  status: CellState;
  /** By the checks alone. */
  judged: CellState;
  /** Weighted mean of the checks' scores, 0 to 1; null where there is no verdict. */
  score: number | null;
  mark: CellMark | null;
  /** Mean score of the checks that name a metric. */
  metrics: { [name: string]: number };
  output: string;
  checks: CheckResult[];
  latencyMs: number | null;
  firstTokenMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  cachedTokens: number | null;
  costUsd: number | null;
  /** What judging it cost, apart from `costUsd`; null when no judge was asked. */
  judgeUsd: number | null;
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
  /** The row it went over, as it was then. */
  testCase: Case;
  request: { messages: Message[]; settings: JsonObject };
  attempts: number;
  timeline: CellMoment[];
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
  /** Names of the columns, one per choice of model and settings. */
  models: string[];
  modelChoices: ModelChoice[];
  cases: number;
  /** Relative to the vault's project where it lies in it. */
  casesFile: string | null;
  /** The suite it followed and its revision then. */
  suite: string | null;
  suiteRevision: number | null;
  /** The saved state of the dataset it went over. */
  dataset: { name: string; revision: number; hash: string } | null;
  /** The run whose outputs were judged again; no model was called. */
  scoredFrom: string | null;
  repeat: number;
  cells: number;
  passed: number;
  failed: number;
  errors: number;
  /** What the answers cost, stored ones with what they cost then. */
  costUsd: number | null;
  /** What this run paid: `costUsd` without the stored answers. */
  spentUsd: number | null;
  /** What judges cost, in none of the sums above; null when none was asked. */
  judgeUsd: number | null;
  maxCostUsd: number | null;
  wallMs: number;
  /** Why a run ended early: somebody cancelled it, or its cost limit was reached. */
  stopReason: 'cancelled' | 'budget' | null;
  /** It ended before all its cells had their turn: `resumeRun` goes on with them. */
  resumable: boolean;
  /** Each wish for the whole run and whether it was met; `got` is null while nothing is known. Empty when none was set. */
  thresholds: ThresholdResult[];
  /** How many pairs of case and model had stored results of the baseline to compare with. */
  baseline: { path: string; version: string; hash: string; compared: number; missing: number } | null;
};
/** `metric` names which, where `name` is `metric`; `got` is null where nobody knows: that is not met. */
export type ThresholdResult = {
  name: Exclude<keyof Thresholds, 'metrics'> | 'metric';
  metric?: string;
  wanted: number;
  got: number | null;
  pass: boolean;
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
  /** Mean score of the judged cells; null when none was judged. */
  score: number | null;
  /** Mean score of each metric over the cells that have it. */
  metrics: { [name: string]: number };
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
  /** Each column beside the baseline, where that was asked for: in reports and on the command line. */
  verdicts?: BaselineComparison[];
  caseNames: { [id: string]: string };
};

/** What is told while a run goes on; `index` addresses the cell. Text arrives in batches, at most every 50 ms. */
export type RunProgress =
  | { type: 'started'; runId: string; run: RunInfo }
  | { type: 'text'; runId: string; index: number; text: string }
  | { type: 'retry'; runId: string; index: number; attempt: number; waitMs: number; reason: string }
  | { type: 'cell'; runId: string; index: number; cell: Cell }
  | { type: 'finished'; runId: string; run: RunInfo };

/** Said before a run. Costs are null when a price is not known, `seconds` when the vault knows no latency of one of its models. */
export type RunEstimate = {
  /** Cells to be called; `cached` ones have a stored answer. */
  calls: number;
  cached: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
  /** What judges will cost, from the vault's history; null when unknown, 0 when none will be asked. */
  judgeUsd: number | null;
  seconds: number | null;
  /** `history` when every column has stored answers of its model to learn from. */
  basedOn: 'history' | 'guess';
  unknownPrices: string[];
  problems: string[];
};
