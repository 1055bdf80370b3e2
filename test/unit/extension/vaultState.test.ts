import assert from 'node:assert/strict';
import { checkPath } from '../../../src/extension/pathInput.ts';
import { failedState, joinStates, openState } from '../../../src/extension/vaultState.ts';
import { VaultError } from '../../../src/shared/errors.ts';

describe('the state of a window', () => {
  it('follows what the vault says of itself', () => {
    assert.equal(openState({ prompts: 0, readOnly: false }), 'empty');
    assert.equal(openState({ prompts: 3, readOnly: false }), 'ready');
    assert.equal(openState({ prompts: 3, readOnly: true }), 'readonly');
  });

  it('follows the code of what went wrong', () => {
    const states = (['NEWER', 'DAMAGED', 'FOREIGN', 'ENGINE_GONE'] as const).map((code) =>
      failedState(new VaultError(code, 'x')),
    );
    assert.deepEqual(states, ['newer', 'damaged', 'foreign', 'failed']);
    assert.equal(failedState(new Error('x')), 'failed');
  });

  it('is that of the folder one can work in, when folders differ', () => {
    assert.equal(joinStates(['noVault', 'damaged', 'ready']), 'ready');
    assert.equal(joinStates(['noVault', 'damaged']), 'damaged');
    assert.equal(joinStates([]), 'noWorkspace');
  });
});

describe('a path while it is typed', () => {
  it('is fine when the vault would take it', () => {
    for (const path of ['a', 'support/triage', 'A-1/b_c.d']) assert.equal(checkPath(path), undefined);
  });

  it('is refused with a reason when the vault would refuse it', () => {
    for (const path of ['', '/a', 'a/', 'a//b', '.hidden', 'a b', 'ä', '../x', 'a/..']) {
      assert.equal(typeof checkPath(path), 'string', path);
    }
  });
});
