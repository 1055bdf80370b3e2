import assert from 'node:assert/strict';
import { commandIds } from '../../../src/extension/commandIds.ts';
import { errorView } from '../../../src/extension/errorMessages.ts';
import { errorCodes, VaultError } from '../../../src/shared/errors.ts';

const view = (code: (typeof errorCodes)[number], details = {}) =>
  errorView(new VaultError(code, 'What happened', details));
const commands = (code: (typeof errorCodes)[number], details = {}) =>
  view(code, details).actions.map(({ command }) => command);

describe('errors as a person sees them', () => {
  it('has a view for every code, and only commands that exist', () => {
    for (const code of errorCodes) {
      const { actions, message } = view(code);
      assert.ok(message.includes('What happened'), code);
      for (const { command } of actions) assert.ok(Object.hasOwn(commandIds, command), command);
    }
  });

  it('says nothing when the person called it off', () => {
    assert.equal(view('CANCELLED').level, 'none');
    assert.equal(errorView(new DOMException('stopped', 'AbortError')).level, 'none');
  });

  it('offers to set the key of the vendor that lacks one', () => {
    const [action] = view('KEY_MISSING', { vendor: 'anthropic' }).actions;
    assert.deepEqual(action?.args, ['anthropic']);
    assert.equal(action?.command, 'promptvault.models.setKey');
  });

  it('offers another key when an endpoint refuses the one there is', () => {
    assert.ok(commands('PROVIDER', { status: 401 }).includes('promptvault.models.setKey'));
    assert.ok(!commands('PROVIDER', { status: 500 }).includes('promptvault.models.setKey'));
  });

  it('offers a new version when production was to be edited', () => {
    const [action] = view('RULE', { action: 'edit', stage: 'PRD', ref: 'a/b@1.0' }).actions;
    assert.equal(action?.command, 'promptvault.version.create');
    assert.deepEqual(action?.args, ['a/b@1.0']);
    assert.deepEqual(commands('RULE', { action: 'delete', stage: 'TST' }), []);
  });

  it('opens what is stored after a conflict', () => {
    const [action] = view('CONFLICT', { actual: { path: 'a/b', version: '1.0', messages: [] } }).actions;
    assert.deepEqual(action?.args, [{ path: 'a/b', version: '1.0' }]);
  });

  it('shows the log for what is not ours', () => {
    assert.ok(
      errorView(new TypeError('x is undefined')).actions.some(({ command }) => command === 'promptvault.log.show'),
    );
  });
});
