import type { Bisected } from '../lab/bisect.ts';
import type { ListedCheck } from '../lab/checks/registry.ts';
import type { BaselineComparison } from '../lab/compareRun.ts';
import type { ColumnComparison } from '../lab/comparison.ts';
import type { DatasetRevision, JudgeSetup, ModelChoice, Thresholds } from '../lab/dataTypes.ts';
import type {
  Case,
  CellDetail,
  CellState,
  Check,
  ColumnSummary,
  Regression,
  RunEstimate,
  RunInfo,
} from '../lab/types.ts';
import type { ModelEvent, ModelInfo } from '../models/types.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Content, RenderResult, StageCounts, VersionInfo, VersionRecord } from '../vault/types.ts';
import type { RunExportFormat, TryResult } from './engine.ts';
import type { StageRules } from './rules.ts';

/** The traffic of one panel: what it asks of the extension, and what it is told. One `params` object each. */
export type PanelContract = { requests: Record<string, (params: never) => unknown>; events: Record<string, unknown> };

/** What a person types beside the content. */
export type EditorWords = { title: string; description: string; tags: string[]; rationale: string };
/** `revision` is the one it was typed on. */
export type EditorUnsaved = { content: Content; words?: EditorWords; revision: number };

/** One set of values to try a prompt with: a row of the prompt's dataset. `id` names it while it is renamed. */
export type EditorSample = { id: string; name: string; values: JsonObject };
/** `chosen` is the id of the sample that previews and tries use. `more`: samples there are beyond those shown. */
export type EditorSamples = { samples: EditorSample[]; chosen: string | null; more: number };

export type EditorState = {
  /** The vault's key, to find it again after the window was loaded anew. */
  vault?: string;
  /** The vault's name, where the window has several. */
  vaultName?: string | null;
  version: VersionRecord;
  rules: StageRules;
  /** All versions of the prompt, highest number first. */
  siblings: VersionInfo[];
  stages: StageCounts;
  /** Labels to choose from. */
  knownLabels: string[];
  /** The whole vault can only be read: labels and samples, which every stage may have, cannot change either. */
  vaultReadOnly: boolean;
  /** Set when nothing can be changed here: production, retired, or a read-only vault. */
  readOnlyReason: string | null;
  /** What was typed in a panel that was closed before it was saved: show it as unsaved changes. */
  unsaved?: EditorUnsaved | null;
};
export type EditorSave = EditorWords & { expectRevision: number; expectHash?: string; content: Content };
export type EditorAction =
  | 'test'
  | 'testSamples'
  | 'promote'
  | 'createVersion'
  | 'delete'
  | 'compare'
  | 'comparePrd'
  | 'rollback'
  | 'history'
  | 'addKey'
  | 'showLog';

export type EditorContract = {
  requests: {
    load(p: { restore?: { path: string; version: string } }): EditorState;
    /** Compare-and-set: fails with CONFLICT and `details.actual` (a VersionRecord) when somebody else saved. */
    save(p: EditorSave): EditorState;
    /** Unsaved changes, to be given back if the panel closes. */
    keepUnsaved(p: { content: Content; words: EditorWords }): void;
    /** Opens the native diff of the unsaved text against what is stored. */
    compareUnsaved(p: { content: Content }): void;
    render(p: { content: Content; values: JsonObject }): RenderResult;
    /** Models to choose from. Apart from the state: a server that does not answer is waited for up to 2 s. */
    models(p: Record<string, never>): ModelInfo[];
    tokens(p: { text: string; model: string }): { tokens: number; costUsd: number | null };
    tryOnce(p: { streamId: string; content: Content; values: JsonObject; model: string }): TryResult;
    cancelTry(p: { streamId: string }): void;
    run(p: { action: EditorAction }): void;
    openVersion(p: { version: string }): void;
    setDirty(p: { dirty: boolean }): void;
    /** The samples of the prompt, kept in the vault as the dataset that has the prompt's path for its name. */
    samples(p: Record<string, never>): EditorSamples;
    saveSamples(p: Omit<EditorSamples, 'more'>): void;
    /** Asks for a file of cases and answers with its rows; null when none was chosen. */
    samplesFromFile(p: Record<string, never>): EditorSample[] | null;
    /** Without a label to add or remove it asks the person for one to add. */
    label(p: { add?: string; remove?: string }): void;
  };
  events: {
    /** The stored version changed under the panel (by this window or another). */
    changed: EditorState;
    /** The panel shows another version from now on; nothing was typed on the one before. */
    shown: EditorState;
    /** A key was set or removed: other models can be called now. */
    keysChanged: Record<string, never>;
    /** The version is gone. */
    gone: { reason: string };
    stream: { streamId: string; event: ModelEvent };
    /** The host asks the panel to save (Ctrl+S as a VS Code command). */
    saveRequested: Record<string, never>;
  };
};

export type LabSetup = {
  refs: string[];
  /** Those of `refs` that are tested as they stand unsaved in an editor, shown as `2.3*`. */
  unsaved: string[];
  models: ModelChoice[];
  casesFile: string | null;
  dataset: string | null;
  /** Variable to column, as a person chose; null takes the saved one, else columns of the same name. */
  mapping: ColumnMapping | null;
  checks: Check[];
  checkSets: string[];
  judge: JudgeSetup | null;
  thresholds: Thresholds;
  repeat: number;
  maxCostUsd: number | null;
  baseline: string | null;
  suite: string | null;
  /** It is no longer what the suite says, so a run of it is none of that suite. */
  suiteChanged: boolean;
};
export type ColumnMapping = { [variable: string]: string };
/** Test data as the setup needs it. `mapping` is what somebody saved for it and the prompt. */
export type LabCases = {
  columns: string[];
  count: number;
  mapping: ColumnMapping | null;
  /** What the checks of the cases name as their metric. */
  metrics: string[];
};
export type LabState = {
  /** The vault's key, to find it again after the window was loaded anew. */
  vault?: string;
  setup: LabSetup;
  versions: VersionInfo[];
  /** Refs with text in an editor that nobody saved. */
  drafts: string[];
  models: ModelInfo[];
  /** Files of cases found in the workspace, relative to it. */
  caseFiles: string[];
  datasets: string[];
  suites: string[];
  checkSets: string[];
  /** What the checks of each set name as their metric. */
  metricsOfSets: { [checkSet: string]: string[] };
  checkKinds: ListedCheck[];
  cases: LabCases | null;
  runs: RunInfo[];
  result: LabRun | null;
  /** Why nothing can be run or kept; null when everything can. */
  readOnlyReason: string | null;
};

/** What a cell shows besides its state. `answer` is the same for equal answers; `mark` is `note` where only one was written. */
export type LabCell = {
  index: number;
  state: CellState;
  /** The beginning of the answer or of the error. */
  text: string;
  answer: number;
  latencyMs: number | null;
  cached: boolean;
  checked: boolean;
  mark: 'pass' | 'fail' | 'note' | null;
};
/** One row: the case's name and the beginnings of its answers, one per column. */
export type LabRow = { name: string; texts: string[] };
/** A run as the grid needs it at once. Thousands of answers come later, row by row as they are looked at. */
export type LabRun = {
  run: RunInfo;
  summary: ColumnSummary[];
  regressions: Regression[];
  columns: { path: string; version: string; model: string }[];
  /** Ids of the cases in order; each has `run.repeat` rows. */
  cases: string[];
  /** A letter per cell, see `labLetters`: state, mark, cached and checked. */
  states: string;
  flags: string;
  answers: number[];
  latencies: (number | null)[];
  /** The first rows. */
  rows: LabRow[];
};
/** News since the last, gathered for one picture. `texts` go on where the cell's text ended; `retries` void it. */
export type LabNews = {
  runId: string;
  run: RunInfo | null;
  finished: boolean;
  cells: LabCell[];
  texts: [index: number, text: string][];
  retries: [index: number, reason: string][];
};
/** Cases with what they are saved on. `revision` 0: not saved yet. */
export type LabDataset = { name: string; revision: number; columns: string[]; rows: Case[] };

export type LabContract = {
  requests: {
    /** `from` shows a past run with its own setup, to run it again; `runId` only its results. */
    load(p: { restore?: Partial<LabSetup>; runId?: string; from?: string }): LabState;
    /** Other prompts to add as columns: a QuickPick in the host. Null when nothing was picked. */
    pickVersions(p: Record<string, never>): string[] | null;
    pickCases(p: Record<string, never>): string | null;
    readCases(p: LabSetup): LabCases;
    saveMapping(p: { setup: LabSetup; mapping: ColumnMapping }): void;
    /** The setup a suite stands for, with the versions of `setup` where it names none. */
    openSuite(p: { name: string; setup: LabSetup }): LabSetup;
    /** Asks for a name; null when none was given. */
    saveSuite(p: { setup: LabSetup }): string | null;
    deleteSuite(p: { name: string }): boolean;
    checksOf(p: { lines: string[] }): Check[];
    saveCheckSet(p: { checks: Check[] }): string | null;
    estimate(p: LabSetup): RunEstimate;
    start(p: LabSetup): RunInfo;
    cancel(p: { runId: string }): void;
    /** Goes on; asks for a higher limit where the budget is spent. Null when that was not given. */
    resume(p: { runId: string }): RunInfo | null;
    retryErrors(p: { runId: string }): RunInfo;
    rerunFailing(p: { runId: string }): RunInfo;
    rerunCell(p: { runId: string; index: number }): RunInfo;
    /** The setup's own checks, sets and judge over the stored answers. */
    rescore(p: { runId: string; setup: LabSetup; replace: boolean }): RunInfo;
    bisect(p: { path: string; runId: string; index: number; allowCalls?: boolean }): Bisected;
    mark(p: { runId: string; index: number; mark: 'pass' | 'fail' | null; note: string }): void;
    clearMark(p: { runId: string; index: number }): void;
    compare(p: { runId: string; a: number; b: number }): ColumnComparison;
    /** Columns beside the baseline of the run, stored or in it. */
    compareBaseline(p: { runId: string; columns: number[] }): BaselineComparison[];
    showRun(p: { runId: string }): LabRun;
    /** Rows of the run shown last, by their places. */
    rows(p: { runId: string; places: number[] }): LabRow[];
    showCell(p: { runId: string; index: number }): CellDetail;
    listRuns(p: Record<string, never>): RunInfo[];
    openVersion(p: { ref: string }): void;
    addKey(p: { vendor: string }): void;
    exportRun(p: { runId: string; format: RunExportFormat }): void;
    showDataset(p: { name: string; revision?: number }): LabDataset;
    datasetRevisions(p: { name: string }): DatasetRevision[];
    /** Compare-and-set on `revision`; asks for a name where there is none. Null when none was given. CONFLICT. */
    saveDataset(p: LabDataset): LabDataset | null;
    /** A file's cases as a dataset: asks for the file and the name. */
    importDataset(p: Record<string, never>): string | null;
    exportDataset(p: { name: string }): void;
    generateCases(p: { ref: string; model: string; count: number; like: Case[] }): Case[];
    casesFromRun(p: { runId: string; indexes: number[] }): Case[];
    /** Cells as cases at the end of a dataset the person picks or names; its name, null when none was. */
    addToDataset(p: { runId: string; indexes: number[] }): string | null;
  };
  events: {
    news: LabNews;
    /** Versions, models or runs changed: load again. */
    changed: Record<string, never>;
  };
};
