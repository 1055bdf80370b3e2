import { type ContentTexts, hashTexts } from './canonical.ts';
import { type EventRow, eventHash } from './events.ts';
import { readPages } from './readPages.ts';
import type { StoredValue } from './readRecord.ts';
import { fits, type Row, type Shape, type Shapes, toRow } from './tableShapes.ts';

export type StoredContent = ContentTexts & { hash: string };
type Rows = { [table: string]: Row[] };
/** What could be read; contents and events are only those that fit their hash. */
export type Readings = {
  /** By table: what its own tree leads to. */
  rows: Rows;
  /** Rows on pages that nothing leads to any more, of the one table whose shape they have. */
  strays: Rows;
  contents: Map<string, StoredContent>;
  /** By number. */
  events: EventRow[];
  /** The last number of the log that was seen, whether its entry could be read or not. */
  highestSeq: number;
};

/** Rows of a table, those that its own tree leads to first. */
export const rowsOf = <Column extends string>(readings: Readings, table: string): Row<Column>[] => [
  ...inTable<Column>(readings.rows, table),
  ...inTable<Column>(readings.strays, table),
];
/** Of one kind only; every table of ours has its list. */
export const inTable = <Column extends string>(found: Rows, table: string) => found[table] as Row<Column>[];

/** No log is longer; a flipped bit may make any number. */
const seqLimit = 2 ** 31;

/**
 * Reads all that is readable of a damaged vault, as bytes. Where its tables begin is what its own schema says, wherever that
 * is in the file and only where it says what PromptVault says; pages that nothing leads to are known by what is on them.
 */
export function readDamaged(file: Buffer, { shapes, isOurs }: Shapes, pageSize: number): Readings {
  const pages = readPages(file, pageSize);
  const tables = shapes.filter(({ isWanted }) => isWanted);
  const trees = new Map(tables.map((shape) => [shape, new Map<string, Row>()]));
  const strays = new Map(tables.map((shape) => [shape, new Map<string, Row>()]));
  const contents = new Map<string, StoredContent>();
  const events = new Map<number, EventRow>();
  let highestSeq = 0;

  function take(shape: Shape, record: StoredValue[], into: typeof trees): void {
    const row = toRow(shape, record);
    if (shape.name === 'contents') keepContent(contents, row as unknown as StoredContent);
    else if (shape.name === 'events') {
      const seq = Number(row.seq);
      if (seq < seqLimit) highestSeq = Math.max(highestSeq, seq);
      keepEvent(events, row as unknown as EventRow);
    } else {
      const key = JSON.stringify(shape.key.map((column) => row[column]));
      const known = into.get(shape);
      if (!trees.get(shape)?.has(key) && !known?.has(key)) known?.set(key, row);
    }
  }

  const roots = findRoots(pages, isOurs);
  const reached = new Set<number>();
  for (const shape of tables) {
    const root = roots.get(shape.name);
    if (root === undefined) continue;
    for (const { number, page } of pages.walk(root)) {
      const own = page.records.filter((record) => fits(shape, record));
      for (const record of own) take(shape, record, trees);
      if (own.length > 0) reached.add(number);
    }
  }
  const free = pages.free();
  for (let number = 1; number <= pages.count; number += 1) {
    const page = reached.has(number) ? null : pages.read(number);
    for (const record of page?.records ?? []) {
      const [shape, other] = shapes.filter((one) => one.tree === page?.tree && fits(one, record));
      // What could be of two tables is of neither. What was deleted stays so; texts and the log are never deleted.
      if (!shape?.isWanted || other || (free.has(number) && !['contents', 'events'].includes(shape.name))) continue;
      take(shape, record, strays);
    }
  }
  const asRows = (found: typeof trees): Rows =>
    Object.fromEntries([...found].map(([{ name }, rows]) => [name, [...rows.values()]]));
  const log = [...events.values()].sort((a, b) => a.seq - b.seq);
  return { rows: asRows(trees), strays: asRows(strays), contents, events: log, highestSeq };
}

/** The first page of each table. What the first page of the file leads to counts before what lies about. */
function findRoots(pages: ReturnType<typeof readPages>, isOurs: Shapes['isOurs']): Map<string, number> {
  const roots = new Map<string, number>();
  const note = (records: StoredValue[][]) => {
    for (const record of records) {
      if (record.length !== 5) continue;
      const [type, name, table, root, sql] = record;
      if (type === 'table' && isOurs(type, name, table, sql) && !roots.has(String(name))) {
        roots.set(String(name), Number(root));
      }
    }
  };
  for (const { page } of pages.walk(1)) note(page.records);
  for (let number = 1; number <= pages.count; number += 1) note(pages.read(number)?.records ?? []);
  return roots;
}

function keepContent(
  contents: Map<string, StoredContent>,
  { hash, settings, variables, messages }: StoredContent,
): void {
  if (hashTexts({ settings, variables, messages }) === hash) {
    contents.set(hash, { hash, settings, variables, messages });
  }
}

function keepEvent(events: Map<number, EventRow>, row: EventRow): void {
  try {
    if (eventHash(row) === row.hash) events.set(row.seq, row);
  } catch {
    // Half a character: nothing the log ever held.
  }
}
