/**
 * Does in the vault named first what a person does where nothing can be written: looks, compares, exports; then tries to
 * write texts of the length named second until that fails. Prints what it met.
 */
import { codeOf } from '../../src/shared/errors.ts';
import { openVault } from '../../src/vault/vault.ts';
import { vaultText } from '../../src/vault/vaultText.ts';

const [, , file = '', length = '100', times = '1'] = process.argv;
const vault = openVault(file, { actor: 'tester' });
const { readOnly, readOnlyReason, prompts } = vault.info();
const before = vault.info().lastSeq;
const looked = {
  readOnly,
  readOnlyReason,
  prompts,
  shown: vault.show({ ref: 'a@1.0' }).messages[0]?.content,
  differs: !vault.diff({ from: 'a@1.0', to: 'a@1.1' }).same,
  exported: vaultText(file).includes('## a v1.1'),
};
let written = 0;
let write = 'done';
let message = '';
for (let n = 0; n < Number(times) && write === 'done'; n += 1) {
  try {
    vault.create({
      path: `new/p${process.pid}-${n}`,
      messages: [{ role: 'user', content: `${n} `.repeat(Number(length)) }],
    });
    written += 1;
  } catch (error) {
    write = codeOf(error);
    message = (error as Error).message;
  }
}
const after = vault.info();
const whole = vault.verify().ok;
console.log(
  JSON.stringify({
    ...looked,
    write,
    message,
    written,
    added: after.prompts - prompts,
    logged: after.lastSeq - before,
    whole,
  }),
);
vault.close();
