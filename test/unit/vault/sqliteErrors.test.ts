import assert from 'node:assert/strict';
import { codeOf, VaultError } from '../../../src/shared/errors.ts';
import { fromSqlite } from '../../../src/vault/sqliteErrors.ts';

/** As the driver throws them. */
const sqlite = (code: string, message = 'it failed') => Object.assign(new Error(message), { code });
const mapped = (code: string, { readOnly = false, message }: { readOnly?: boolean; message?: string } = {}) =>
  codeOf(fromSqlite(sqlite(code, message), { file: '/v.db', readOnly }));

describe('what SQLite says', () => {
  it('becomes a code that says what to do', () => {
    const expected = {
      SQLITE_BUSY_SNAPSHOT: 'BUSY',
      SQLITE_LOCKED: 'BUSY',
      SQLITE_READONLY_DBMOVED: 'BUSY',
      SQLITE_READONLY_ROLLBACK: 'READ_ONLY',
      SQLITE_READONLY_DIRECTORY: 'READ_ONLY',
      SQLITE_CANTOPEN: 'READ_ONLY',
      SQLITE_FULL: 'READ_ONLY',
      SQLITE_CORRUPT_VTAB: 'DAMAGED',
      SQLITE_NOTADB: 'FOREIGN',
      SQLITE_CONSTRAINT_UNIQUE: 'EXISTS',
      SQLITE_CONSTRAINT_CHECK: 'RULE',
      SQLITE_IOERR_WRITE: 'READ_ONLY',
      SQLITE_IOERR_READ: 'INTERNAL',
      SQLITE_MISUSE: 'INTERNAL',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((code) => [code, mapped(code)])), expected);
  });

  it('is a reader’s READ_ONLY when the disk fails, and damage when the header makes no sense', () => {
    assert.equal(mapped('SQLITE_IOERR_READ', { readOnly: true }), 'READ_ONLY');
    assert.equal(mapped('SQLITE_ERROR', { message: 'malformed database schema (x)' }), 'DAMAGED');
    assert.equal(mapped('SQLITE_ERROR', { message: 'unsupported file format' }), 'DAMAGED');
  });

  it('is in a trigger’s own words; without a code of ours it is a rule', () => {
    assert.equal(mapped('SQLITE_CONSTRAINT_TRIGGER', { message: 'EXISTS: It is there' }), 'EXISTS');
    assert.equal(mapped('SQLITE_CONSTRAINT_TRIGGER', { message: 'WHATEVER: no' }), 'RULE');
    assert.equal(mapped('SQLITE_CONSTRAINT_TRIGGER', { message: 'no colon' }), 'RULE');
  });

  it('leaves what is not SQLite’s as it is', () => {
    const own = new VaultError('CONFLICT', 'mine');
    for (const error of [own, new Error('other'), sqlite('ENOENT'), undefined]) {
      assert.equal(fromSqlite(error, { file: '/v.db', readOnly: false }), error);
    }
  });
});
