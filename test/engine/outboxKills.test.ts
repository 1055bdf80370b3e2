import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncReport } from '../../src/publish/types.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { finished, jsonOf, startCli, temporaryFolder } from '../support/cliProcess.ts';
import { type Answer, type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { until } from '../support/until.ts';
import { createReleased, testActor } from '../support/vaultBuilders.ts';

describe('an outbox that several processes deliver from', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let server: EndpointServer;
  let vault: Vault;
  let env: NodeJS.ProcessEnv;
  const options = () => ({ cwd: folder.path(), env });

  before(async () => {
    server = await openEndpointServer();
    const file = join(folder.path(), '.promptvault', 'vault.db');
    const publish = join(folder.path(), 'publish.json');
    const target = { name: 'prod', url: server.url, automatic: true, vaults: [folder.path()] };
    writeFileSync(publish, JSON.stringify({ targets: [target] }));
    env = { PROMPTVAULT_PUBLISH: publish, XDG_STATE_HOME: join(folder.path(), 'state') };
    vault = openVault(file, { actor: testActor, mode: 'create' });
  });
  after(async () => {
    vault.close();
    await server.close();
  });
  const paths = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}/p${n}`);
  const received = (from = 0) => server.received.slice(from).map(({ path }) => path.replace('/prompts/', ''));
  /** Answers later, so that there is something to be killed amid. */
  const slow =
    (ms: number): Answer =>
    (_, response) => {
      response.writeHead(200).flushHeaders();
      setTimeout(() => response.end(), ms);
    };
  it('goes on exactly where a kill -9 stopped it: nothing is lost, and only what was on its way comes twice, under the same key', async () => {
    for (const path of paths(30, 'killed')) createReleased(vault, { path });
    server.answer = slow(15);
    const killed = startCli(['sync', 'prod'], options());
    await until(() => server.received.length >= 12);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const before = server.received.length;
    const { targets } = await jsonOf<{ targets: SyncReport[] }>(['sync', 'prod'], options());
    const { sent, unchanged, failed } = targets[0]!;
    assert.deepEqual([sent + unchanged, failed], [30, 0]);
    assert.ok(unchanged >= 8, `${unchanged} were remembered`);
    assert.deepEqual([...new Set(received())].sort(), paths(30, 'killed').sort());
    const keys = server.received.map(({ headers }) => headers['idempotency-key']);
    assert.equal(new Set(keys).size, 30);
    assert.ok(keys.length - 30 <= 4, 'as many as are on their way at once');
    assert.ok(server.received.length - before === sent);
  });

  it('is delivered once by two that watch at the same time, also when one of them is killed amid it', async () => {
    server.answer = slow(20);
    const watchers = [1, 2].map(() => startCli(['sync', '--watch'], options()));
    const ready = watchers.map((child) => {
      let said = '';
      child.stderr?.on('data', (text) => {
        said += text;
      });
      return () => said.includes('Ctrl+C');
    });
    await until(() => ready.every((isReady) => isReady()));
    const from = server.received.length;
    for (const path of paths(12, 'watched')) createReleased(vault, { path });
    await until(() => received(from).length >= 12);
    await sleep(300);
    assert.deepEqual(received(from).sort(), paths(12, 'watched').sort());

    const [one, other] = watchers;
    const second = server.received.length;
    for (const path of paths(12, 'again')) createReleased(vault, { path });
    await until(() => received(second).length >= 3);
    one?.kill('SIGKILL');
    await until(() => new Set(received(second)).size === 12);
    other?.kill('SIGINT');
    assert.equal((await finished(other!)).exit, 0);
    const keys = server.received.slice(second).map(({ headers }) => headers['idempotency-key']);
    assert.equal(new Set(keys).size, 12);
  });
});
