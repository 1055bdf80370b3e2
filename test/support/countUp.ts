/** Raises the number in the prompt `counter` as often as told, reading and saving again after each conflict. */
import { codeOf } from '../../src/shared/errors.ts';
import { openVault } from '../../src/vault/vault.ts';

const [file = '', actor = '', rounds = '0'] = process.argv.slice(2);
const vault = openVault(file, { actor });
for (let done = 0; done < Number(rounds); ) {
  const { messages, revision } = vault.show({ ref: 'counter' });
  const content = String(Number(messages[0]?.content) + 1);
  try {
    vault.edit({ ref: 'counter', expectRevision: revision, messages: [{ role: 'user', content }] });
    done += 1;
  } catch (error) {
    if (codeOf(error) !== 'CONFLICT') throw error;
  }
}
vault.close();
