import { type ErrorCode, errorCodes, VaultError } from '../shared/errors.ts';

type Where = { file: string; readOnly: boolean };
type Mapping = { prefix: string; code: ErrorCode; message: string };

const lost = 'It could not be written: check that the disk is there and not full, then try again. Nothing was changed';
/** The first prefix that fits wins, so that the narrow codes stand before the wide ones. */
const mappings: readonly Mapping[] = [
  { prefix: 'SQLITE_BUSY', code: 'BUSY', message: 'Another program is writing to the vault. Try again in a moment' },
  { prefix: 'SQLITE_LOCKED', code: 'BUSY', message: 'The vault is in use. Try again in a moment' },
  {
    prefix: 'SQLITE_READONLY_DBMOVED',
    code: 'BUSY',
    message: 'The vault file was replaced while it was open, for example by git checkout. Try again',
  },
  {
    prefix: 'SQLITE_READONLY_ROLLBACK',
    code: 'READ_ONLY',
    message: 'A write was interrupted. Open the vault for writing once, so that it can be undone',
  },
  {
    prefix: 'SQLITE_READONLY',
    code: 'READ_ONLY',
    message: 'The vault is read-only. Make its file and folder writable, then open it again',
  },
  {
    prefix: 'SQLITE_CANTOPEN',
    code: 'READ_ONLY',
    message: 'The vault cannot be written. Make its folder writable, then open it again',
  },
  {
    prefix: 'SQLITE_FULL',
    code: 'READ_ONLY',
    message: 'The disk is full. Free some space and try again: nothing was changed',
  },
  {
    prefix: 'SQLITE_CORRUPT',
    code: 'DAMAGED',
    message:
      'The vault is damaged and was left as it is. Run "promptvault doctor", then "promptvault restore" a backup or "promptvault salvage"',
  },
  {
    prefix: 'SQLITE_NOTADB',
    code: 'FOREIGN',
    message:
      'This file is not a PromptVault vault and was left as it is. If it was one, "promptvault restore" a backup or "promptvault salvage" it',
  },
  { prefix: 'SQLITE_CONSTRAINT_UNIQUE', code: 'EXISTS', message: 'Something with this name exists already' },
  { prefix: 'SQLITE_CONSTRAINT_PRIMARYKEY', code: 'EXISTS', message: 'Something with this name exists already' },
  { prefix: 'SQLITE_CONSTRAINT_ROWID', code: 'EXISTS', message: 'Something with this name exists already' },
  { prefix: 'SQLITE_CONSTRAINT_CHECK', code: 'RULE', message: 'The vault refuses this change' },
];

/** A driver's error as one of ours; anything else comes back as it was. */
export function fromSqlite(error: unknown, where: Where): unknown {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (error instanceof VaultError || typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  if (code === 'SQLITE_CONSTRAINT_TRIGGER') return fromTrigger(error as Error);
  // SQLite has no code of its own for a header or a schema that makes no sense.
  const known = /^(unsupported file format|malformed database schema)/.test((error as Error).message)
    ? 'SQLITE_CORRUPT'
    : code;
  const found = mappings.find(({ prefix }) => known.startsWith(prefix));
  if (found) return new VaultError(found.code, `${found.message} (${where.file})`, { file: where.file }, error);
  if (code.startsWith('SQLITE_IOERR')) {
    const refused = /_(WRITE|FSYNC|TRUNCATE|DELETE)/.test(code);
    const ioCode = where.readOnly || refused ? 'READ_ONLY' : 'INTERNAL';
    return new VaultError(ioCode, `${lost} (${where.file})`, { file: where.file }, error);
  }
  return new VaultError('INTERNAL', (error as Error).message, { sqlite: code }, error);
}

/** Our triggers say `CODE: what to do`. */
function fromTrigger(error: Error): VaultError {
  const [, code, message] = /^([A-Z_]+): (.*)$/s.exec(error.message) ?? [];
  const known = errorCodes.includes(code as ErrorCode) ? (code as ErrorCode) : 'RULE';
  return new VaultError(known, message ?? error.message, {}, error);
}
