import { isAbsolute, join } from 'node:path';
import type { EngineClient } from '../../engine/engineClient.ts';
import type { Suite, SuiteDefinition } from '../../lab/dataTypes.ts';
import type { Case } from '../../lab/types.ts';

/** A suite with its cases, each with all the checks that judge it, in the order of a cell's results. */
export type LoadedSuite = Suite & {
  cases: Case[];
  /** Of the dataset it goes over; null where there is none. */
  datasetRevision: number | null;
};

/** NOT_FOUND, BAD_FILE or FILE_NOT_FOUND where the suite or its cases are gone. `folder` is the vault's project. */
export async function loadSuite(engine: EngineClient, name: string, folder: string): Promise<LoadedSuite> {
  const suite = await engine.showSuite({ name });
  const [{ cases, datasetRevision }, sets] = await Promise.all([
    casesOf(engine, suite.definition, folder),
    Promise.all([...new Set(suite.definition.checkSets)].map(async (one) => engine.showCheckSet({ name: one }))),
  ]);
  const common = [...suite.definition.checks, ...sets.flatMap(({ checks }) => checks)];
  return { ...suite, datasetRevision, cases: cases.map((one) => ({ ...one, checks: [...one.checks, ...common] })) };
}

async function casesOf(engine: EngineClient, { dataset, casesFile }: SuiteDefinition, folder: string) {
  if (dataset !== undefined) {
    const { rows, revision } = await engine.showDataset({ name: dataset });
    return { cases: rows, datasetRevision: revision };
  }
  if (casesFile === undefined) {
    return { cases: [{ id: '1', name: 'Defaults', variables: {}, checks: [] }], datasetRevision: null };
  }
  const file = isAbsolute(casesFile) ? casesFile : join(folder, casesFile);
  return { cases: (await engine.readCases({ file })).cases, datasetRevision: null };
}
