import { isAbsolute } from 'node:path';
import { asc, eq, gt } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Database } from '../vault/database.ts';
import { parsePath } from '../vault/paths.ts';
import { parseReference } from '../vault/references.ts';
import { wholeNumber } from '../vault/wholeNumber.ts';
import { prepareCheck } from './checks.ts';
import type { LabData, Suite, SuiteDefinition, SuiteInfo } from './dataTypes.ts';
import { portableName } from './portableName.ts';
import { checkSets, suites } from './schema.ts';
import { checkThresholds } from './thresholds.ts';

type SuiteCalls = Pick<
  LabData,
  | 'listSuites'
  | 'showSuite'
  | 'saveSuite'
  | 'deleteSuite'
  | 'listCheckSets'
  | 'showCheckSet'
  | 'saveCheckSet'
  | 'deleteCheckSet'
>;
type SuiteRow = typeof suites.$inferSelect;

/** Suites and named sets of checks. A suite says what is run; its revision goes up with every change. */
export function suiteCalls(database: Database): SuiteCalls {
  const find = (name: string) => database.orm.select().from(suites).where(eq(suites.name, name)).get();
  return {
    listSuites: ({ limit = 200, after = '' }) =>
      database.orm
        .select()
        .from(suites)
        .where(gt(suites.name, after))
        .orderBy(asc(suites.name))
        .limit(wholeNumber('limit', limit))
        .all()
        .map(infoOf),
    showSuite({ name }) {
      const row = find(name);
      if (!row) throw new VaultError('NOT_FOUND', `There is no suite ${name}`, { ref: name });
      return suiteOf(row);
    },
    saveSuite: ({ name, definition, expectRevision }) =>
      database.write((tx) => {
        parsePath(name);
        const checked = checkSuite(atHome(definition, database.file)) as unknown as JsonObject;
        const before = tx.orm.select().from(suites).where(eq(suites.name, name)).get();
        requireRevision(name, before?.revision ?? 0, expectRevision);
        if (before && JSON.stringify(before.definition) === JSON.stringify(checked)) return infoOf(before);
        const by = { updatedAt: tx.at, updatedBy: tx.actor };
        const revision = (before?.revision ?? 0) + 1;
        const row = before
          ? tx.orm
              .update(suites)
              .set({ ...by, definition: checked, revision })
              .where(eq(suites.id, before.id))
              .returning()
              .get()
          : tx.orm
              .insert(suites)
              .values({ ...by, name, definition: checked, revision, createdAt: tx.at, createdBy: tx.actor })
              .returning()
              .get();
        tx.appendEvent({ kind: 'suite.saved', details: { name, revision } });
        return infoOf(row);
      }),
    deleteSuite: ({ name }) =>
      database.write((tx) => {
        const gone = tx.orm.delete(suites).where(eq(suites.name, name)).returning().get();
        if (!gone) throw new VaultError('NOT_FOUND', `There is no suite ${name}`, { ref: name });
        tx.appendEvent({ kind: 'suite.deleted', details: { name, revision: gone.revision } });
      }),
    listCheckSets: ({ limit = 200, after = '' }) =>
      database.orm
        .select()
        .from(checkSets)
        .where(gt(checkSets.name, after))
        .orderBy(asc(checkSets.name))
        .limit(wholeNumber('limit', limit))
        .all(),
    showCheckSet({ name }) {
      const set = database.orm.select().from(checkSets).where(eq(checkSets.name, name)).get();
      if (!set) throw new VaultError('NOT_FOUND', `There is no set of checks ${name}`, { ref: name });
      return set;
    },
    saveCheckSet: ({ name, checks }) =>
      database.write((tx) => {
        parsePath(name);
        const row = { name, checks: checks.map(prepareCheck), updatedAt: tx.at, updatedBy: tx.actor };
        tx.orm.insert(checkSets).values(row).onConflictDoUpdate({ target: checkSets.name, set: row }).run();
        tx.appendEvent({ kind: 'checks.saved', details: { name, checks: checks.length } });
        return row;
      }),
    deleteCheckSet: ({ name }) =>
      database.write((tx) => {
        const gone = tx.orm.delete(checkSets).where(eq(checkSets.name, name)).returning().get();
        if (!gone) throw new VaultError('NOT_FOUND', `There is no set of checks ${name}`, { ref: name });
        tx.appendEvent({ kind: 'checks.deleted', details: { name } });
      }),
  };
}

/** A file of cases in the project is named as seen from there: others have the project elsewhere. */
function atHome(definition: SuiteDefinition, vaultFile: string): SuiteDefinition {
  const { casesFile } = definition;
  if (casesFile === undefined || !isAbsolute(casesFile)) return definition;
  return { ...definition, casesFile: portableName(vaultFile, casesFile) };
}

/** Two sources of cases would be guessed between, and a share over 1 never reached: INVALID_INPUT before it is stored. */
export function checkSuite(definition: SuiteDefinition): SuiteDefinition {
  const { models, dataset, casesFile, checks = [], checkSets: sets = [], repeat = 1, thresholds } = definition;
  const fail = (field: string, message: string) => new VaultError('INVALID_INPUT', message, { field });
  for (const ref of definition.refs ?? []) parseReference(ref);
  if (!Array.isArray(models) || models.length === 0) throw fail('models', 'A suite names at least one model');
  if (dataset !== undefined && casesFile !== undefined) {
    throw fail('dataset', 'A suite has a dataset or a file of cases, not both');
  }
  if (!Number.isInteger(repeat) || repeat < 1) throw fail('repeat', 'Repeat 1 time or more');
  if (thresholds !== undefined) checkThresholds(thresholds);
  return {
    ...definition,
    ...{ checks: checks.map(prepareCheck), checkSets: sets, repeat, maxCostUsd: definition.maxCostUsd ?? null },
  };
}

function requireRevision(name: string, actual: number, expected: number | undefined): void {
  if (expected === undefined || expected === actual) return;
  const message =
    expected === 0 ? `There is a suite ${name} already` : `The suite ${name} was changed by somebody else`;
  throw new VaultError('CONFLICT', message, { expected, actual });
}

const infoOf = ({ name, revision, updatedAt, updatedBy }: SuiteRow): SuiteInfo => ({
  ...{ name, revision, updatedAt, updatedBy },
});
const suiteOf = (row: SuiteRow): Suite => ({
  ...infoOf(row),
  definition: row.definition as unknown as SuiteDefinition,
});
