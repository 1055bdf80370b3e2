import type { Json, JsonObject } from '../shared/json.ts';
import type { BlameResult, DiffResult, RollbackDrill } from './diffTypes.ts';

export type { BlameOrigin, BlameResult, DiffResult, RollbackDrill } from './diffTypes.ts';

export const stages = ['DEV', 'TST', 'PRD', 'RET'] as const;
export type Stage = (typeof stages)[number];

export const roles = ['system', 'user', 'assistant'] as const;
export type Role = (typeof roles)[number];
export type Message = { role: Role; content: string };

/** Model settings; names are ours (`model`, `temperature`, `maxTokens`, `topP`, `stop`, …), any other JSON goes to the vendor as it is. */
export type Settings = JsonObject;
export type Variable = { name: string; default?: string; description?: string };

/** What a version says: its identity is the SHA-256 of its canonical form. */
export type Content = { messages: Message[]; settings: Settings; variables: Variable[] };

/** One version without its messages. Times are ISO 8601 UTC. */
export type VersionInfo = {
  path: string;
  title: string;
  version: string;
  stage: Stage;
  hash: string;
  revision: number;
  settings: Settings;
  variables: Variable[];
  tags: string[];
  /** Words on this version, such as "Production Candidate"; by name. */
  labels: string[];
  rationale: string;
  copiedFrom: string | null;
  rollbackOf: string | null;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
  deployedAt: string | null;
  retiredAt: string | null;
  replacedBy: string | null;
};
/** One version whole: the `version` shape of the CLI. */
export type VersionRecord = VersionInfo & { description: string; messages: Message[] };

export type StageCounts = { DEV: number; TST: number; PRD: string | null; RET: number };
export type PromptSummary = {
  path: string;
  title: string;
  description: string;
  tags: string[];
  stages: StageCounts;
  latest: string;
  updatedAt: string;
  /** The last entry of the log about it: what is higher changed later, whatever the clocks said. */
  changedSeq: number;
  /** Matching text around the first hit of a search, else absent. Plain text. */
  snippet?: string;
};
export type ListQuery = {
  folder?: string;
  /** With `folder`: only what is in the folder itself, nothing from below it ('' is the top). */
  direct?: boolean;
  tag?: string;
  stage?: Stage;
  /** With a version that carries this label. */
  label?: string;
  /**
   * All words, the last as a beginning; after these, prompts with the text inside their path, title or description. It may
   * hold filters, which must fit as well: `stage:PRD tag:legal folder:support label:"Production Candidate"`.
   */
  search?: string;
  /** 200 unless told. */
  limit?: number;
  offset?: number;
  /** Without words to search: by path unless told, or what changed last first. */
  order?: 'path' | 'recent';
  /** Without words to search: only what comes after this path. A page far down is as quick as the first, unlike with `offset`. */
  after?: string;
  /** With `order: 'recent'`, together with `after`: the `changedSeq` of the last prompt of the page before. */
  afterSeq?: number;
};
/** `capped`: there may be more hits of a search than `total` says; counting stopped there. `total` counts the whole filter, not what is left after `after`. */
export type PromptList = {
  total: number;
  prompts: PromptSummary[];
  capped?: true;
  /** What to add to the query for the page after this one; null when this is the last. */
  next: Pick<ListQuery, 'after' | 'afterSeq' | 'offset'> | null;
};
/** How many prompts stand under each value of a grouping. Folder names are full paths; '' is the top. `direct` counts prompts in the folder itself. */
export type GroupCount = { name: string; count: number; direct?: number };
/** One level of a grouping: the folders right below `parent` ('' is the top), all tags, or the stages. `after`: the last name of the page before. */
export type GroupQuery = { by: 'folder' | 'tag' | 'stage'; parent?: string; after?: string; limit?: number };
/** By name, stages in the order of life. `limit` is 200 unless told; `more` when there are others after these. */
export type GroupPage = { groups: GroupCount[]; more: boolean };

export const eventKinds = [
  'vault.created',
  'prompt.created',
  'prompt.edited', // title, description
  'prompt.tagged',
  'prompt.moved',
  'prompt.deleted',
  'version.created',
  'version.edited',
  'version.restored', // an older revision became the content again
  'version.promoted',
  'version.retired',
  'version.rolledBack',
  'version.deleted',
  'version.labelled',
  'run.started',
  'run.finished',
  'run.marked', // a person's word on a cell
  'dataset.saved',
  'dataset.deleted',
  'suite.saved',
  'suite.deleted',
  'checks.saved', // a named set of checks
  'checks.deleted',
  'gate.changed',
  'vault.restored', // a backup took the place of the vault
  'vault.salvaged', // details say what was lost
] as const;
export type EventKind = (typeof eventKinds)[number];
/** One entry of the append-only log. `hash` covers the entry and `prevHash`. */
export type VaultEvent = {
  seq: number;
  at: string;
  actor: string;
  kind: EventKind;
  path: string | null;
  version: string | null;
  reason: string | null;
  details: Json;
};
/** A page of a prompt's story, the newest of it unless told. For the page before: the last version and the first event of this one. */
export type HistoryQuery = {
  path: string;
  /** At most so many; each 200 unless told. */
  versionLimit?: number;
  eventLimit?: number;
  versionsBefore?: string;
  eventsBefore?: number;
};
/** Versions by number, highest first; events oldest first. `more` says of which there are others before these. */
export type History = {
  path: string;
  versions: VersionInfo[];
  events: VaultEvent[];
  more: { versions: boolean; events: boolean };
};
export type Revision = { revision: number; hash: string; at: string; actor: string; rationale: string };

export type RenderResult = { messages: Message[]; warnings: RenderWarning[] };
/** `text` is the placeholder as typed; `message` is the index of the message it stands in. */
export type RenderWarning = { kind: 'undeclared' | 'malformed' | 'unused'; text: string; message: number };
/** What production gets. `get` answers with rendered messages when values are given. */
export type Served = {
  path: string;
  version: string;
  hash: string;
  messages: Message[];
  settings: Settings;
  variables: Variable[];
};

export type NewPrompt = {
  path: string;
  title?: string;
  description?: string;
  tags?: string[];
  messages: Message[];
  settings?: Settings;
  variables?: Variable[];
  rationale?: string;
};
/** What a save changes; what is absent stays. `expectRevision` is the revision the editor read (rule 8). */
export type DraftEdit = {
  ref: string;
  expectRevision?: number;
  /** The content the editor read: after a git checkout another one may stand under the same revision. */
  expectHash?: string;
  messages?: Message[];
  settings?: Settings;
  /** Replaces the declared list. New simple placeholders are declared by themselves either way. */
  variables?: Variable[];
  rationale?: string;
};
export type PromptEdit = { path: string; title?: string; description?: string };

export type VaultInfo = {
  file: string;
  vaultId: string;
  schema: number;
  readOnly: boolean;
  /** Why writing is off, in words for a person; null when it is on. */
  readOnlyReason: string | null;
  prompts: number;
  lastSeq: number;
  /** What is wrong with the place of the vault, in words for a person; null when nothing is. */
  placeWarning: string | null;
};
export type Problem = { what: string; path: string | null; version: string | null; detail: string };
export type VerifyReport = {
  ok: boolean;
  prompts: number;
  versions: number;
  events: number;
  problems: Problem[];
};

/** The use cases of the vault room, all synchronous: SQLite is. The engine gives the same names asynchronously. */
export type VaultApi = {
  info(): VaultInfo;
  list(query: ListQuery): PromptList;
  groups(p: GroupQuery): GroupPage;
  show(p: { ref: string }): VersionRecord;
  history(p: HistoryQuery): History;
  /** Newest first, 200 unless told; the current content of a draft is the first. `before`: the last revision of the page before. */
  revisions(p: { ref: string; limit?: number; before?: number }): Revision[];
  /** The version as it was at that revision. */
  showRevision(p: { ref: string; revision: number }): VersionRecord;
  /** Entries with a higher seq, oldest first, at most `limit` (1,000 unless told). */
  eventsAfter(p: { seq: number; limit?: number }): VaultEvent[];
  render(p: { ref: string; values: JsonObject }): RenderResult;
  /** The same renderer for content that is not saved. */
  renderContent(p: { content: Content; values: JsonObject }): RenderResult;
  /** `path[@range]`; NOT_FOUND when nothing released fits. */
  get(p: { ref: string; values?: JsonObject }): Served;
  /** Two versions, or saved states of drafts where a revision is given. */
  diff(p: { from: string; to: string; fromRevision?: number; toRevision?: number; words?: boolean }): DiffResult;
  /** Which version brought each sentence, along what the version was copied from. */
  blame(p: { ref: string }): BlameResult;
  /** A rollback on a copy of the vault, which is deleted again; the vault itself is only read. Fails as `rollback` would. */
  drillRollback(p: { path: string; to: string }): RollbackDrill;
  verify(): VerifyReport;

  create(p: NewPrompt): VersionRecord;
  edit(p: DraftEdit): VersionRecord;
  editPrompt(p: PromptEdit): PromptSummary;
  createVersion(p: { ref: string; major?: boolean; rationale?: string }): VersionRecord;
  /** The number a copy of `ref` would get now: by `createVersion`, or by `rollback` to it. Somebody else may take it first. */
  nextVersion(p: { ref: string; major?: boolean }): string;
  /** `expectStage` keeps a second click from going on to the next stage: CONFLICT when it is not there any more. `gate` is what the log keeps of who let it pass. */
  promote(p: {
    ref: string;
    rationale?: string;
    expectRevision?: number;
    expectStage?: Stage;
    gate?: Json;
  }): VersionRecord;
  /** `expectPrd` is the version that was seen in production, null for none: CONFLICT when another is there by now. */
  rollback(p: { path: string; to: string; reason: string; expectPrd?: string | null }): VersionRecord;
  /** Deletes a DEV version; the prompt goes with its last version. */
  deleteVersion(p: { ref: string; expectRevision?: number }): { path: string; version: string; promptDeleted: boolean };
  restoreRevision(p: { ref: string; revision: number; expectRevision?: number }): VersionRecord;
  tag(p: { path: string; add?: string[]; remove?: string[] }): PromptSummary;
  /** Labels a version in any stage; each is one line of 1 to 60 characters. What changes nothing writes nothing. */
  label(p: { ref: string; add?: string[]; remove?: string[] }): VersionRecord;
  /** Labels to choose from: those in use by name, then common ones. */
  labels(): string[];
  move(p: { path: string; to: string }): PromptSummary;
};
