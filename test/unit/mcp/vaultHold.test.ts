import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { VaultChange } from '../../../src/engine/engine.ts';
import { environmentHost } from '../../../src/engine/environmentHost.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { changesPrompts } from '../../../src/mcp/serverPrompts.ts';
import { holdVault } from '../../../src/mcp/vaultHold.ts';
import { failsWith } from '../../support/engineProcesses.ts';
import { aPrompt, temporaryFolder } from '../../support/vaultBuilders.ts';

describe('the vault behind an MCP server', () => {
  it('is opened once, tried again while it cannot be, and tells which changes concern its prompts', async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, '.promptvault', 'vault.db');
    const changes: VaultChange[] = [];
    let opened = 0;
    const open = (mode: 'create' | 'write') => openEngine(file, { actor: 'Ada', host: environmentHost({}), mode });
    const hold = holdVault(
      async () => {
        opened += 1;
        return open('write');
      },
      (change) => changes.push(change),
    );
    try {
      await assert.rejects(hold.engine(), failsWith('FILE_NOT_FOUND'));
      await (await open('create')).close();
      const [engine, same] = await Promise.all([hold.engine(), hold.engine()]);
      assert.deepEqual([engine === same, opened], [true, 2]);
      await engine.create(aPrompt());
      await engine.promote({ ref: 'support/triage' });
      assert.equal(changes.some(changesPrompts), false);
      await engine.promote({ ref: 'support/triage' });
      assert.deepEqual(changes.map(changesPrompts), [false, false, true]);
      assert.equal(changesPrompts({ events: [], own: false }), true);
    } finally {
      await hold.close();
      folder.remove();
    }
  });
});
