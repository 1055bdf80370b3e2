/** Opens the vault named first with one migration more than are known, at the moment given in ms, and says what it saw. */
import { openDatabase } from '../../src/vault/database.ts';
import { migrations } from '../../src/vault/migrations.ts';

const [, , file = '', backups = '', start = '0', step = ''] = process.argv;
await new Promise((resolve) => setTimeout(resolve, Math.max(0, Number(start) - Date.now())));
try {
  const database = openDatabase(file, { mode: 'write', actor: 'tester', migrations: [...migrations, step], backups });
  const made = database.prepare('SELECT count(*) FROM notes').pluck().get<number>();
  database.write((tx) => tx.appendEvent({ kind: 'prompt.edited', reason: `process ${process.pid}` }));
  console.log(JSON.stringify({ made }));
  database.close();
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
}
