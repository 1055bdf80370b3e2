import type { Database } from '../vault/database.ts';
import { datasetCalls } from './datasets.ts';
import { suiteCalls } from './suites.ts';

/** What the lab keeps beside runs. Synchronous, as the vault's use cases are. */
export function labData(database: Database) {
  return { ...datasetCalls(database), ...suiteCalls(database) };
}
export type LabDataCalls = ReturnType<typeof labData>;
