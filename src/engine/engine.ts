import type { AgentFileCalls } from '../exchange/agentFiles/types.ts';
import type { PromptfooReport, PromptfooRequest } from '../exchange/promptfoo/importPromptfoo.ts';
import type { ImportReport, ImportRequest } from '../exchange/types.ts';
import type { BisectCalls } from '../lab/bisect.ts';
import type { ListedCheck } from '../lab/checks/registry.ts';
import type { CompareCalls } from '../lab/compareRun.ts';
import type { SuiteDefinition } from '../lab/dataTypes.ts';
import type { Evidence } from '../lab/evidence.ts';
import type { GateCalls } from '../lab/gate.ts';
import type { LabDataCalls } from '../lab/labData.ts';
import type { CaseCalls } from '../lab/makeCases.ts';
import type { MarkCalls } from '../lab/marks.ts';
import type { RescoreCalls } from '../lab/rescore.ts';
import type { ResumeCalls } from '../lab/resume.ts';
import type {
  CaseSet,
  CellDetail,
  Check,
  RunEstimate,
  RunInfo,
  RunProgress,
  RunRequest,
  RunResult,
} from '../lab/types.ts';
import type {
  Connection,
  ConnectionTest,
  ModelEvent,
  ModelInfo,
  ModelRequest,
  PriceOverrides,
  Vendor,
} from '../models/types.ts';
import type { TokenCalls } from '../publish/accessTokens.ts';
import type { BundleCalls } from '../publish/bundleTypes.ts';
import type {
  PublishChange,
  PublishingCalls,
  PublishSettings,
  SyncProgress,
  SyncReport,
  SyncRequest,
} from '../publish/types.ts';
import type { Disposable } from '../shared/events.ts';
import type { VaultApi, VaultEvent, VaultInfo, VersionRecord } from '../vault/types.ts';
import type { GatedPromotion } from './promoteThroughGate.ts';
import type { StampCalls } from './stamp.ts';
import type { DraftCalls } from './writeDraft.ts';

/** Use cases of a room, each asynchronous and cancellable. */
type Async<Api> = {
  [Name in keyof Api]: Api[Name] extends (...args: infer Args) => infer Result
    ? (...args: [...Args, signal?: AbortSignal]) => Promise<Result>
    : never;
};

/** Changes committed by anybody: another window, the CLI or this engine. `events` are in order and never repeat. */
export type VaultChange = { events: VaultEvent[]; own: boolean };

/** What is done with a run that has ended. */
export type RunCalls = ResumeCalls & RescoreCalls & BisectCalls & MarkCalls;

/** What an engine does beyond the vault. */
export type EngineExtras = RunCalls &
  CaseCalls &
  CompareCalls &
  TokenCalls &
  BundleCalls &
  PublishingCalls &
  StampCalls &
  AgentFileCalls &
  DraftCalls &
  GateCalls & {
    models(): Promise<ModelInfo[]>;
    testConnection(p: { vendor: Vendor }, signal?: AbortSignal): Promise<ConnectionTest>;
    /** One rendered prompt to one model, streamed through `onDidStream`. For trying a draft that is not saved. */
    tryOnce(
      p: { streamId: string; model: string; request: Omit<ModelRequest, 'model'> },
      signal?: AbortSignal,
    ): Promise<TryResult>;

    /** Tokens of a text as the model counts them, or near it; `costUsd` is null where no price is known. */
    countTokens(p: { text: string; model: string }): Promise<{ tokens: number; costUsd: number | null }>;

    readCases(p: { file: string }): Promise<CaseSet>;
    /** Checks from a YAML or JSON file, for all cases of a run. */
    readChecks(p: { file: string }): Promise<Check[]>;
    /** Checks as people type them, one in each line. INVALID_INPUT when one cannot be used. */
    checksOf(p: { lines: string[] }): Promise<Check[]>;
    /** Every kind of check there is, for people to choose from. */
    checkKinds(): Promise<ListedCheck[]>;
    /** A suite from a YAML or JSON file. */
    readSuite(p: { file: string }): Promise<SuiteDefinition>;
    estimateRun(p: RunRequest): Promise<RunEstimate>;
    /** Answers at once; the run goes on in the engine and tells through `onDidRun`. */
    startRun(p: RunRequest): Promise<RunInfo>;
    cancelRun(p: { runId: string }): Promise<void>;
    /** Settles when the run has ended. Aborting the signal cancels the run. */
    waitForRun(p: { runId: string }, signal?: AbortSignal): Promise<RunResult>;
    /** Newest first, 100 unless told. `before`: the last run of the page before. */
    listRuns(p: { path?: string; limit?: number; before?: string }): Promise<RunInfo[]>;
    showRun(p: { runId: string }): Promise<RunResult>;
    showCell(p: { runId: string; index: number }): Promise<CellDetail>;
    /** What the newest whole run said of each content of a prompt's newest versions, 200 unless told, where there is one. */
    evidence(p: { path: string; limit?: number }): Promise<Evidence[]>;
    /** A finished run as the text of a file. */
    exportRun(p: { runId: string; format: RunExportFormat }): Promise<string>;

    /** As the vault's, but TST goes to PRD only through the gate, or past it with a reason. GATE with `details.reasons`. */
    promote(p: GatedPromotion): Promise<VersionRecord>;
    importPrompts(p: ImportRequest, signal?: AbortSignal): Promise<ImportReport>;
    /** A promptfoo configuration as prompts, a dataset and a suite; says what has no place here. */
    importPromptfoo(p: PromptfooRequest): Promise<PromptfooReport>;
    sync(p: SyncRequest, signal?: AbortSignal): Promise<SyncReport>;

    /** 250 ms while somebody looks, 2 s otherwise. */
    setFocused(p: { focused: boolean }): Promise<void>;
  };
export type RunExportFormat = 'csv' | 'json' | 'junit' | 'html' | 'markdown';
export type TryResult = {
  text: string;
  latencyMs: number;
  firstTokenMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  finishReason: string | null;
};

export type EngineEvents = {
  onDidChange: VaultChange;
  onDidRun: RunProgress;
  onDidStream: { streamId: string; event: ModelEvent };
  onDidSync: SyncProgress;
  onDidPublish: PublishChange;
  onDidImport: { done: number; total: number };
  /** A check in the background found the vault damaged; `message` says what to do. */
  onDidFindDamage: { message: string };
};

/** Everything without a screen. One process owns it; the forked one is reached through the RPC with the same type. */
export type Engine = Async<Omit<VaultApi, 'promote'>> &
  Async<LabDataCalls> &
  EngineExtras & {
    [Name in keyof EngineEvents]: (listener: (event: EngineEvents[Name]) => void) => Disposable;
  } & { close(): Promise<void> };

/** What the engine asks of whoever opened it. Keys are asked for at each use and kept nowhere. */
export type EngineHost = {
  connection(vendor: Vendor): Promise<Connection>;
  prices(): Promise<PriceOverrides>;
  /** Where this user lets prompts go, with secrets; asked for at each use. Nowhere when absent. */
  publishing?(): Promise<PublishSettings>;
  /** VS Code's own models; absent outside of it. */
  editorModels?: {
    list(): Promise<string[]>;
    stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  };
};

export type OpenEngineOptions = {
  /** `name <mail>` of who writes. */
  actor: string;
  host: EngineHost;
  /** `create` makes the vault when there is none; `read` never writes. */
  mode?: 'create' | 'write' | 'read';
  /** Changes after this event are told; those after opening unless given. */
  afterSeq?: number;
  /** Delivers to automatic targets and webhooks in the background, whoever promoted. */
  delivers?: boolean;
  /** Folder of all backups of this user, when PROMPTVAULT_BACKUPS does not say; the platform's place unless given. */
  backups?: string;
};
export type EngineInfo = VaultInfo;
