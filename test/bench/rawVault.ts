import Sqlite from 'better-sqlite3';

/** The driver alone on the same file, with the settings the vault has. */
export function openRawVault(file: string): Sqlite.Database {
  const raw = new Sqlite(file, { fileMustExist: true, timeout: 10_000 });
  for (const setting of ['mmap_size = 0', 'cache_size = -32000', 'synchronous = EXTRA', 'trusted_schema = OFF']) {
    raw.pragma(setting);
  }
  if (process.platform === 'darwin') raw.pragma('fullfsync = ON');
  return raw;
}
