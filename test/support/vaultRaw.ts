import Sqlite from 'better-sqlite3';

/** A connection of somebody else: none of our settings, and the ones that weaken triggers and keys as told. */
export function openRaw(file: string, weak: { recursiveTriggers: boolean; foreignKeys: boolean }): Sqlite.Database {
  const raw = new Sqlite(file);
  raw.pragma(`recursive_triggers = ${weak.recursiveTriggers ? 'ON' : 'OFF'}`);
  raw.pragma(`foreign_keys = ${weak.foreignKeys ? 'ON' : 'OFF'}`);
  raw.pragma('ignore_check_constraints = ON');
  return raw;
}

/** Everything that must never change by itself: released versions, contents, revisions, the log, numbers given. */
export function keptRows(raw: Sqlite.Database): string {
  const tables = [
    `SELECT * FROM versions WHERE stage IN ('PRD', 'RET') ORDER BY id`,
    'SELECT * FROM contents ORDER BY id',
    'SELECT * FROM revisions ORDER BY id',
    'SELECT * FROM events ORDER BY seq',
    'SELECT * FROM version_numbers ORDER BY prompt_id, major',
    'SELECT id, path FROM prompts ORDER BY id',
    'SELECT id, prompt_id, major, minor, stage FROM versions ORDER BY id',
  ];
  return JSON.stringify(tables.map((sql) => raw.prepare(sql).all()));
}
