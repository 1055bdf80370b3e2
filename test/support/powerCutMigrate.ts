/** Opens the vault named first with the migration named second, as a newer program does; backups go to the third. */
import { openDatabase } from '../../src/vault/database.ts';
import { migrations } from '../../src/vault/migrations.ts';

const [file = '', extra = '', backups] = process.argv.slice(2);
openDatabase(file, { mode: 'write', actor: 'Newer', migrations: [...migrations, extra], backups }).close();
