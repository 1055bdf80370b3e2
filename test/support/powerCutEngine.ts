/** The engine process, but its SQLite is told to be less careful than the vault asks: what the power-cut test must find. */
import Sqlite from 'better-sqlite3';

const level = process.env.POWER_CUT_SYNCHRONOUS;
if (!level) throw new Error('Say how careful SQLite shall be');
const { pragma } = Sqlite.prototype;
Sqlite.prototype.pragma = function (text, ...rest) {
  return pragma.call(this, text === 'synchronous = EXTRA' ? `synchronous = ${level}` : text, ...rest);
};
await import('../../src/engine/engineProcess.ts');
