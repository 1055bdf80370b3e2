import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startEngineLine } from '../../src/engine/engineLine.ts';
import { callRemote } from '../../src/shared/rpc.ts';
import { engineModule, failsWith, noHost, type Workplace, workplace } from '../support/engineProcesses.ts';

const ignore = () => undefined;

describe('an engine process that has a vault open', () => {
  let place: Workplace;
  beforeEach(() => {
    place = workplace();
  });
  afterEach(() => place.clean());
  const message = (file: string) => ({
    ...{ file, actor: 'Ada', mode: 'create', editorModels: false, focused: true },
    backups: join(place.folder, 'backups'),
  });

  it('refuses to open another, or the same again, and goes on with its own', async () => {
    const parts = { modulePath: engineModule, host: noHost, log: ignore, onEvent: ignore, onExit: ignore };
    const line = startEngineLine(parts);
    const call = (method: string, params: unknown) => callRemote(line.connection, method, params);
    try {
      await assert.rejects(call('info', {}), failsWith('INTERNAL'), 'nothing is open yet');
      const first = (await call('open', message(place.file))) as { vaultId: string };
      for (const file of [place.file, join(place.folder, 'other', 'vault.db')]) {
        await assert.rejects(call('open', message(file)), failsWith('INTERNAL'));
      }
      assert.equal(((await call('info', {})) as { vaultId: string }).vaultId, first.vaultId);
    } finally {
      await line.stop();
    }
  });

  it('is started by the extension only: by hand it says so', () => {
    const { status, stderr } = spawnSync(process.execPath, [engineModule], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /promptvault/);
  });
});
