import { and, asc, desc, eq, gt } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import { datasetHash } from '../vault/canonical.ts';
import type { Database, WriteTx } from '../vault/database.ts';
import { parsePath } from '../vault/paths.ts';
import { wholeNumber } from '../vault/wholeNumber.ts';
import { prepareCheck } from './checks.ts';
import type { Dataset, DatasetInfo, LabData } from './dataTypes.ts';
import { caseMappings, datasetContents, datasetRevisions, datasets } from './schema.ts';
import type { Case } from './types.ts';

type DatasetCalls = Pick<
  LabData,
  'listDatasets' | 'showDataset' | 'saveDataset' | 'deleteDataset' | 'datasetRevisions' | 'mapping' | 'saveMapping'
>;
type Reader = Pick<Database, 'orm'>;
type DatasetRow = typeof datasets.$inferSelect;

const mostCases = 200_000;

/** Datasets in the vault. Every save is a revision; cases are stored once per hash. */
export function datasetCalls(database: Database): DatasetCalls {
  const saveDataset: DatasetCalls['saveDataset'] = ({ name, description, columns, rows, expectRevision }) => {
    parsePath(name);
    const content = contentOf(rows, columns);
    return database.write((tx) => {
      const before = find(tx, name);
      requireRevision(name, before?.revision ?? 0, expectRevision);
      const hash = keepContent(tx, content);
      const same = before?.hash === hash && (description ?? before.description) === before.description;
      if (before && same) return infoOf(tx, before);
      const row = before
        ? changed(tx, before, { hash, description: description ?? before.description })
        : created(tx, { name, hash, description: description ?? '' });
      tx.orm
        .insert(datasetRevisions)
        .values({ datasetId: row.id, revision: row.revision, hash, at: tx.at, actor: tx.actor })
        .run();
      const details = { name, revision: row.revision, hash, cases: content.cases.length };
      tx.appendEvent({ kind: 'dataset.saved', details });
      return infoOf(tx, row);
    });
  };

  return {
    saveDataset,
    listDatasets: ({ limit = 200, after = '' }) =>
      database.read(() => {
        const rows = database.orm.select().from(datasets).where(gt(datasets.name, after)).orderBy(asc(datasets.name));
        return rows
          .limit(wholeNumber('limit', limit))
          .all()
          .map((row) => infoOf(database, row));
      }),
    showDataset: ({ name, revision }) =>
      database.read(() => {
        const row = requireDataset(database, name);
        if (revision === undefined || revision === row.revision) return wholeOf(database, row);
        const old = revisionOf(database, row, revision);
        return wholeOf(database, { ...row, revision, hash: old.hash, updatedAt: old.at, updatedBy: old.actor });
      }),
    deleteDataset: ({ name, expectRevision }) =>
      database.write((tx) => {
        const { id, revision } = requireDataset(tx, name);
        requireRevision(name, revision, expectRevision);
        tx.orm.delete(datasets).where(eq(datasets.id, id)).run();
        // Its contents stay: runs name them by hash.
        tx.appendEvent({ kind: 'dataset.deleted', details: { name, revision } });
      }),
    datasetRevisions: ({ name, limit = 200 }) =>
      database.read(() => {
        const { id } = requireDataset(database, name);
        return database.orm
          .select({
            revision: datasetRevisions.revision,
            hash: datasetRevisions.hash,
            cases: datasetContents.caseCount,
            at: datasetRevisions.at,
            actor: datasetRevisions.actor,
          })
          .from(datasetRevisions)
          .innerJoin(datasetContents, eq(datasetContents.hash, datasetRevisions.hash))
          .where(eq(datasetRevisions.datasetId, id))
          .orderBy(desc(datasetRevisions.revision))
          .limit(wholeNumber('limit', limit))
          .all();
      }),
    mapping: ({ source, path }) => {
      const where = and(eq(caseMappings.source, source), eq(caseMappings.path, path));
      return database.orm.select().from(caseMappings).where(where).get()?.mapping ?? null;
    },
    saveMapping: ({ source, path, mapping }) =>
      database.writeUnlogged((tx) => {
        tx.orm
          .insert(caseMappings)
          .values({ source, path, mapping })
          .onConflictDoUpdate({ target: [caseMappings.source, caseMappings.path], set: { mapping } })
          .run();
      }),
  };
}

/** Cases as they are stored: numbered anew, checks ready to be used. INVALID_INPUT or BAD_FILE's reasons of a check. */
function contentOf(rows: readonly Case[], given?: readonly string[]): { columns: string[]; cases: Case[] } {
  if (rows.length > mostCases) {
    throw new VaultError('INVALID_INPUT', `A dataset holds at most ${mostCases} cases`, { field: 'rows' });
  }
  const cases = rows.map((row, index) => ({ ...row, id: String(index + 1), checks: row.checks.map(prepareCheck) }));
  const columns = [...new Set([...(given ?? []), ...cases.flatMap(({ variables }) => Object.keys(variables))])];
  return { columns, cases };
}

function keepContent(tx: WriteTx, content: { columns: string[]; cases: Case[] }): string {
  const hash = datasetHash(content);
  const row = { hash, columns: content.columns, cases: content.cases, caseCount: content.cases.length };
  tx.orm.insert(datasetContents).values(row).onConflictDoNothing().run();
  return hash;
}

function created(tx: WriteTx, row: Pick<DatasetRow, 'name' | 'hash' | 'description'>): DatasetRow {
  const by = { createdAt: tx.at, createdBy: tx.actor, updatedAt: tx.at, updatedBy: tx.actor };
  return tx.orm
    .insert(datasets)
    .values({ ...row, ...by, revision: 1 })
    .returning()
    .get();
}

function changed(tx: WriteTx, before: DatasetRow, to: Pick<DatasetRow, 'hash' | 'description'>): DatasetRow {
  const next = { ...to, revision: before.revision + 1, updatedAt: tx.at, updatedBy: tx.actor };
  return tx.orm.update(datasets).set(next).where(eq(datasets.id, before.id)).returning().get();
}

function requireRevision(name: string, actual: number, expected: number | undefined): void {
  if (expected === undefined || expected === actual) return;
  const message =
    expected === 0
      ? `There is a dataset ${name} already`
      : `The dataset ${name} was changed by somebody else (revision ${actual}, you had ${expected}): look at it again`;
  throw new VaultError('CONFLICT', message, { expected, actual });
}

const find = (reader: Reader, name: string) => reader.orm.select().from(datasets).where(eq(datasets.name, name)).get();

function requireDataset(reader: Reader, name: string): DatasetRow {
  const row = find(reader, name);
  if (row) return row;
  throw new VaultError('NOT_FOUND', `There is no dataset ${name}`, { ref: name });
}

function revisionOf(reader: Reader, { id, name }: DatasetRow, revision: number) {
  const where = and(eq(datasetRevisions.datasetId, id), eq(datasetRevisions.revision, revision));
  const row = reader.orm.select().from(datasetRevisions).where(where).get();
  if (row) return row;
  throw new VaultError('NOT_FOUND', `The dataset ${name} has no revision ${revision}`, { ref: `${name}#${revision}` });
}

function infoOf(reader: Reader, { name, description, revision, hash, updatedAt, updatedBy }: DatasetRow): DatasetInfo {
  const content = reader.orm
    .select({ columns: datasetContents.columns, cases: datasetContents.caseCount })
    .from(datasetContents)
    .where(eq(datasetContents.hash, hash))
    .get();
  return { name, description, revision, hash, updatedAt, updatedBy, cases: 0, columns: [], ...content };
}

function wholeOf(reader: Reader, row: DatasetRow): Dataset {
  const content = reader.orm.select().from(datasetContents).where(eq(datasetContents.hash, row.hash)).get();
  return { ...infoOf(reader, row), rows: content?.cases ?? [] };
}
