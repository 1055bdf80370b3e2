import type { LabDataCalls } from '../lab/labData.ts';
import type { VaultApi } from '../vault/types.ts';
import type { EngineEvents, EngineExtras } from './engine.ts';

// Objects, so that a method added to a type and forgotten here, or the other way round, does not compile.
const vault = {
  info: true,
  list: true,
  groups: true,
  show: true,
  history: true,
  revisions: true,
  showRevision: true,
  eventsAfter: true,
  render: true,
  renderContent: true,
  get: true,
  diff: true,
  blame: true,
  drillRollback: true,
  verify: true,
  create: true,
  edit: true,
  editPrompt: true,
  createVersion: true,
  nextVersion: true,
  promote: true,
  rollback: true,
  deleteVersion: true,
  restoreRevision: true,
  tag: true,
  label: true,
  labels: true,
  move: true,
} satisfies Record<keyof VaultApi, true>;
const labData = {
  listDatasets: true,
  showDataset: true,
  saveDataset: true,
  deleteDataset: true,
  datasetRevisions: true,
  mapping: true,
  saveMapping: true,
  listSuites: true,
  showSuite: true,
  saveSuite: true,
  deleteSuite: true,
  listCheckSets: true,
  saveCheckSet: true,
  deleteCheckSet: true,
} satisfies Record<keyof LabDataCalls, true>;
const extras = {
  models: true,
  testConnection: true,
  tryOnce: true,
  countTokens: true,
  readCases: true,
  readChecks: true,
  estimateRun: true,
  startRun: true,
  cancelRun: true,
  waitForRun: true,
  listRuns: true,
  showRun: true,
  showCell: true,
  evidence: true,
  exportRun: true,
  importPrompts: true,
  importPromptfoo: true,
  sync: true,
  setFocused: true,
} satisfies Record<keyof EngineExtras, true>;
const events = {
  onDidChange: true,
  onDidRun: true,
  onDidStream: true,
  onDidSync: true,
  onDidImport: true,
  onDidFindDamage: true,
} satisfies Record<keyof EngineEvents, true>;

export const vaultMethods = Object.keys(vault) as (keyof VaultApi)[];
/** All that may be called over the RPC. `close` is not among them: only whoever forked the engine ends it. */
export const engineMethods = [
  ...vaultMethods,
  ...(Object.keys(labData) as (keyof LabDataCalls)[]),
  ...(Object.keys(extras) as (keyof EngineExtras)[]),
];
export const engineEvents = Object.keys(events) as (keyof EngineEvents)[];
