import { type ContentTexts, hashTexts } from './canonical.ts';
import type { Connection } from './connect.ts';
import { type EventRow, eventHash } from './events.ts';
import { scanPages } from './scanPages.ts';
import type { SqlValue } from './statements.ts';

export type Row = { [column: string]: SqlValue };
export type StoredContent = ContentTexts & { hash: string };
/** What could be read, by table; contents and events are only those that fit their hash. */
export type Readings = {
  rows: { [table: string]: Row[] };
  contents: Map<string, StoredContent>;
  events: EventRow[];
  /** The last number of the log that was seen, whether its entry could be read or not. */
  highestSeq: number;
};

const plainTables = ['meta', 'prompts', 'versions', 'version_numbers', 'revisions', 'prompt_tags', 'version_labels'];
const resultTables = ['runs', 'run_cases', 'cells', 'sync_state'];

/** Reads all that is readable: each table row by row around what is broken, then page by page what no table leads to. */
export function readDamaged(connection: Connection, file: Buffer): Readings {
  const rows: Readings['rows'] = {};
  for (const table of [...plainTables, ...resultTables]) rows[table] = readTable(connection, table);
  const contents = new Map<string, StoredContent>();
  const events = new Map<number, EventRow>();
  for (const row of readTable(connection, 'contents')) keepContent(contents, row as unknown as StoredContent);
  const log = readTable(connection, 'events') as unknown as EventRow[];
  for (const row of log) keepEvent(events, row);
  const highestSeq = log.reduce((highest, { seq }) => (seq > highest && seq < 2 ** 31 ? seq : highest), 0);
  for (const record of scanPages(file)) {
    if (record.length === 5) {
      const [, hash, settings, variables, messages] = record;
      keepContent(contents, { hash, settings, variables, messages } as StoredContent);
    } else if (record.length === 11) {
      const [seq, at, actor, kind, prompt_id, path, version, reason, details, prev_hash, hash] = record;
      const row = { seq, at, actor, kind, prompt_id, path, version, reason, details, prev_hash, hash };
      keepEvent(events, row as EventRow);
    }
  }
  return { rows, contents, events: [...events.values()].sort((a, b) => a.seq - b.seq), highestSeq };
}

function keepContent(
  contents: Map<string, StoredContent>,
  { hash, settings, variables, messages }: StoredContent,
): void {
  const texts = [hash, settings, variables, messages];
  if (texts.every((text) => typeof text === 'string') && hashTexts({ settings, variables, messages }) === hash) {
    contents.set(hash, { hash, settings, variables, messages });
  }
}

function keepEvent(events: Map<number, EventRow>, row: EventRow): void {
  try {
    if (Number.isSafeInteger(row.seq) && eventHash(row) === row.hash) events.set(row.seq, row);
  } catch {
    // Not even text.
  }
}

/** The rows of a table that can be read, each once. */
function readTable(connection: Connection, table: string): Row[] {
  const found = new Map<string, Row>();
  let highest = 0;
  const take = (sql: string) => {
    try {
      for (const { salvaged_rowid: rowid, ...row } of connection.prepare(sql).iterate() as Iterable<Row>) {
        highest = Math.max(highest, Number(rowid ?? 0));
        found.set(JSON.stringify(row), row);
      }
      return true;
    } catch {
      return false;
    }
  };
  if (take(`SELECT * FROM ${table} NOT INDEXED`)) return [...found.values()];
  const numbered = `SELECT *, rowid AS salvaged_rowid FROM ${table} NOT INDEXED`;
  // From both ends up to what is broken, and then what lies between.
  if (take(numbered) || take(`${numbered} ORDER BY rowid DESC`)) return [...found.values()];
  for (const row of rowByRow(connection, table, highest)) found.set(JSON.stringify(row), row);
  return [...found.values()];
}

/** Gives up after this many numbers in a row that lead nowhere: a whole branch of the table is gone. */
const emptyLimit = 500;

function* rowByRow(connection: Connection, table: string, highest: number): Generator<Row> {
  let one: ReturnType<Connection['prepare']>;
  try {
    one = connection.prepare(`SELECT * FROM ${table} NOT INDEXED WHERE rowid = ?`);
  } catch {
    // Has no row numbers, or is not there.
    return;
  }
  const last = Math.max(highest, emptyLimit);
  for (let rowid = 1, empty = 0; rowid <= last && empty < emptyLimit; rowid += 1, empty += 1) {
    try {
      const row = one.get(rowid) as Row | undefined;
      if (!row) continue;
      empty = 0;
      yield row;
    } catch {
      // On a broken page.
    }
  }
}
