/** Opens the vault named by the argument, tries to write, and prints what it met: for tests that need another user. */
import { codeOf } from '../../src/shared/errors.ts';
import { openVault } from '../../src/vault/vault.ts';

const vault = openVault(process.argv[2] ?? '', { actor: 'tester' });
const { readOnly, readOnlyReason, prompts } = vault.info();
let write = 'done';
try {
  vault.tag({ path: 'support/triage', add: ['new'] });
} catch (error) {
  write = codeOf(error);
}
console.log(JSON.stringify({ readOnly, readOnlyReason, prompts, write }));
vault.close();
