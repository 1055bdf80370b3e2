import type { JsonObject } from '../shared/json.ts';
import type { Case, Check } from './types.ts';

/** Cases kept in the vault under a name, which is made like a prompt's path. `hash` names the cases as they are now. */
export type DatasetInfo = {
  name: string;
  description: string;
  revision: number;
  hash: string;
  cases: number;
  columns: string[];
  updatedAt: string;
  updatedBy: string;
};
export type Dataset = DatasetInfo & { rows: Case[] };
export type DatasetRevision = { revision: number; hash: string; cases: number; at: string; actor: string };

/** A model and the settings of its column; `label` is the column's name, the model's own unless told. */
export type ModelChoice = string | { model: string; settings: JsonObject; label?: string };
/** Who judges what no rule can: a model, its rubric beside the checks' own, and a model for similarity. */
export type JudgeSetup = { model: string; rubric?: string; embeddings?: string };
/** What a run must reach: shares 0 to 1, milliseconds, USD for the whole run. */
export type Thresholds = {
  passRate?: number;
  score?: number;
  latencyP95Ms?: number;
  costUsd?: number;
  /** The least mean score of what checks name as their `metric`, 0 to 1 each. */
  metrics?: { [metric: string]: number };
};

/** Everything of a run but when: what `promptvault test --suite` and the gate run. */
export type SuiteDefinition = {
  /** `path[@selector]`; a gate puts its own version in the place of these. */
  refs?: string[];
  models: ModelChoice[];
  dataset?: string;
  casesFile?: string;
  /** Variable to column, where the names differ. */
  mapping?: { [variable: string]: string };
  checks: Check[];
  checkSets: string[];
  judge?: JudgeSetup;
  repeat: number;
  maxCostUsd: number | null;
  thresholds?: Thresholds;
  baseline?: string | null;
};
export type SuiteInfo = { name: string; revision: number; updatedAt: string; updatedBy: string };
export type Suite = SuiteInfo & { definition: SuiteDefinition };
export type CheckSet = { name: string; checks: Check[]; updatedAt: string; updatedBy: string };

/** TST goes to PRD only with a run of exactly that content on this suite; `passRate` and `metrics` stand above the suite's own. */
export type Gate = { suite: string; passRate?: number; metrics?: Thresholds['metrics']; allowRegressions?: boolean };
/** `reasons` say what is missing, in words for a person; none when the gate is open. */
export type GateState = { gate: Gate | null; open: boolean; reasons: string[]; runId: string | null };

/** A mapping's source: `dataset:<name>` or `file:<path relative to the project>`. */
export type CaseSource = string;

/** What the lab keeps beside runs, all synchronous: SQLite is. The engine gives the same names asynchronously. */
export type LabData = {
  /** By name; 200 unless told, after the name given. */
  listDatasets(p: { limit?: number; after?: string }): DatasetInfo[];
  /** As it is now, or as it was at a revision. NOT_FOUND. */
  showDataset(p: { name: string; revision?: number }): Dataset;
  /** A new dataset, or a new revision of one. `expectRevision` 0 means there must be none; CONFLICT when it moved on. */
  saveDataset(p: {
    name: string;
    description?: string;
    columns?: string[];
    rows: Case[];
    expectRevision?: number;
  }): DatasetInfo;
  deleteDataset(p: { name: string; expectRevision?: number }): void;
  /** Newest first. */
  datasetRevisions(p: { name: string; limit?: number }): DatasetRevision[];
  /** Which column fills which variable of a prompt, as somebody last said for these cases; null when nobody did. */
  mapping(p: { source: CaseSource; path: string }): { [variable: string]: string } | null;
  saveMapping(p: { source: CaseSource; path: string; mapping: { [variable: string]: string } }): void;

  listSuites(p: { limit?: number; after?: string }): SuiteInfo[];
  showSuite(p: { name: string }): Suite;
  saveSuite(p: { name: string; definition: SuiteDefinition; expectRevision?: number }): SuiteInfo;
  deleteSuite(p: { name: string }): void;
  listCheckSets(p: { limit?: number; after?: string }): CheckSet[];
  showCheckSet(p: { name: string }): CheckSet;
  saveCheckSet(p: { name: string; checks: Check[] }): CheckSet;
  deleteCheckSet(p: { name: string }): void;

  gate(): Gate | null;
  setGate(p: { gate: Gate | null }): Gate | null;
  /** Whether a version may go to production now. */
  checkGate(p: { ref: string }): GateState;
};
