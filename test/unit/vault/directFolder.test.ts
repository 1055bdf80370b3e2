import assert from 'node:assert/strict';
import type { ListQuery } from '../../../src/vault/types.ts';
import { aPrompt, temporaryVault } from '../../support/vaultBuilders.ts';

describe('listing one folder', () => {
  const { vault, remove } = temporaryVault();
  after(remove);
  for (const path of ['top', 'a/one', 'a/two', 'a/b/deep', 'ab/other']) vault.create(aPrompt({ path }));
  const paths = (query: ListQuery) => vault.list(query).prompts.map(({ path }) => path);

  it('takes what is below it along', () => {
    assert.deepEqual(paths({ folder: 'a' }), ['a/b/deep', 'a/one', 'a/two']);
  });

  it('stays in the folder itself when asked to', () => {
    assert.deepEqual(paths({ folder: 'a', direct: true }), ['a/one', 'a/two']);
    assert.deepEqual(paths({ folder: '', direct: true }), ['top']);
    assert.equal(vault.list({ folder: 'a', direct: true }).total, 2);
  });
});
