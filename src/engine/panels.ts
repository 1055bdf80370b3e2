import type { CaseSet, CellDetail, RunEstimate, RunInfo, RunProgress, RunResult } from '../lab/types.ts';
import type { ModelEvent, ModelInfo } from '../models/types.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Content, RenderResult, StageCounts, VersionInfo, VersionRecord } from '../vault/types.ts';
import type { TryResult } from './engine.ts';
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
  models: ModelInfo[];
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
    /** The version is gone. */
    gone: { reason: string };
    stream: { streamId: string; event: ModelEvent };
    /** The host asks the panel to save (Ctrl+S as a VS Code command). */
    saveRequested: Record<string, never>;
  };
};

export type LabSetup = {
  refs: string[];
  models: string[];
  casesFile: string | null;
  repeat: number;
  maxCostUsd: number | null;
  baseline: string | null;
};
export type LabState = {
  /** The vault's key, to find it again after the window was loaded anew. */
  vault?: string;
  setup: LabSetup;
  versions: VersionInfo[];
  models: ModelInfo[];
  /** CSV files found in the workspace, relative to it. */
  caseFiles: string[];
  cases: CaseSet | null;
  runs: RunInfo[];
  /** The run shown; `text` of cells under way is in the cells themselves. */
  result: RunResult | null;
};
export type LabContract = {
  requests: {
    /** `from` shows a past run with its own setup, to run it again; `runId` only its results. */
    load(p: { restore?: LabSetup; runId?: string; from?: string }): LabState;
    /** Other prompts to add as columns: a QuickPick in the host. Null when nothing was picked. */
    pickVersions(p: Record<string, never>): string[] | null;
    pickCases(p: Record<string, never>): string | null;
    readCases(p: { file: string }): CaseSet;
    estimate(p: LabSetup): RunEstimate;
    start(p: LabSetup): RunInfo;
    cancel(p: { runId: string }): void;
    showRun(p: { runId: string }): RunResult;
    showCell(p: { runId: string; index: number }): CellDetail;
    listRuns(p: Record<string, never>): RunInfo[];
    openVersion(p: { ref: string }): void;
    addKey(p: { vendor: string }): void;
    exportRun(p: { runId: string; format: 'csv' | 'json' | 'junit' | 'html' }): void;
  };
  events: {
    progress: RunProgress;
    /** Versions, models or runs changed: load again. */
    changed: Record<string, never>;
  };
};
