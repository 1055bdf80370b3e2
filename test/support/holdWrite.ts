/** Keeps a write to the vault named first open until the file named second is there: the middle of a commit, made long. */
import { existsSync } from 'node:fs';
import { openDatabase } from '../../src/vault/database.ts';

const [file = '', release = ''] = process.argv.slice(2);
const clock = new Int32Array(new SharedArrayBuffer(4));
const database = openDatabase(file, { mode: 'write', actor: 'Holder' });
database.write((tx) => {
  tx.appendEvent({ kind: 'prompt.edited', details: { held: true } });
  process.send?.('held');
  for (const end = Date.now() + 20_000; !existsSync(release) && Date.now() < end; ) Atomics.wait(clock, 0, 0, 10);
});
database.close();
process.disconnect?.();
