import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, EngineHost } from '../../src/engine/engine.ts';
import { environmentHost } from '../../src/engine/environmentHost.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { PublishSettings } from '../../src/publish/types.ts';
import { type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { hookSecret } from '../support/publishing.ts';
import { until } from '../support/until.ts';
import { temporaryFolder, testActor, userMessage } from '../support/vaultBuilders.ts';

describe('an engine that delivers in the background', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let server: EndpointServer;
  let engine: Engine;
  const settings: PublishSettings = { targets: [], webhooks: [] };
  const state = process.env.XDG_STATE_HOME;
  const open = (delivers: boolean) => {
    const host: EngineHost = { ...environmentHost({}), publishing: async () => settings };
    return openEngine(join(folder.path, 'vault.db'), { actor: testActor, host, mode: 'create', delivers });
  };
  before(async () => {
    process.env.XDG_STATE_HOME = join(folder.path, 'state');
    server = await openEndpointServer();
    engine = await open(true);
  });
  after(async () => {
    await engine.close();
    await server.close();
    folder.remove();
    if (state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = state;
  });
  const release = async (path: string) => {
    await engine.create({ path, messages: [userMessage(path)] });
    await engine.promote({ ref: `${path}@1.0` });
    await engine.promote({ ref: `${path}@1.0` });
  };
  const arrived = async (path: string) => {
    const has = () => server.received.some((one) => one.method === 'PUT' && one.path.endsWith(`/${path}`));
    return until(has, path);
  };

  it('queues and sends the first promotion after a target was set up, and tells of it', async () => {
    await release('before');
    settings.targets.push({ name: 'prod', url: server.url, automatic: true, vaults: [folder.path] });
    const told: string[] = [];
    engine.onDidPublish(({ target }) => told.push(target));
    await release('a');
    assert.ok(await arrived('a'));
    assert.ok(
      !server.received.some(({ path }) => path.endsWith('/before')),
      'what was there before waits for a person',
    );
    await until(() => told.length > 0);
    assert.ok(told.includes('prod'));
  });

  it('is not held up by a webhook that never answers, and closes in spite of it', async () => {
    const { origin } = new URL(server.url);
    server.answer = ({ path }, response) => void (path === '/silent' && response.writeHead(200).flushHeaders());
    const vaults = [folder.path];
    settings.webhooks.push({ name: 'silent', url: `${origin}/silent`, secret: hookSecret, vaults });
    await release('b');
    assert.ok(await arrived('b'));
    await release('c');
    assert.ok(await arrived('c'));
    const begun = performance.now();
    await engine.close();
    assert.ok(performance.now() - begun < 3000);
  });

  it('sends nothing when it was not opened for that, and all of it when it is opened again', async () => {
    engine = await open(false);
    const before = server.received.length;
    await release('d');
    await sleep(100);
    assert.equal(server.received.length, before);
    const waiting = await engine.listTargets();
    assert.deepEqual(
      waiting.map(({ name, pending }) => [name, pending > 0]),
      [
        ['prod', true],
        ['silent', true],
      ],
    );
    await engine.close();
    server.answer = () => undefined;
    engine = await open(true);
    assert.ok(await arrived('d'));
    const hooks = () => server.received.slice(before).filter(({ path }) => path === '/silent');
    await until(() => hooks().length >= 3);
    const told = hooks().map(({ body }) => JSON.parse(body).prompt.path);
    assert.deepEqual(told.sort(), ['b', 'c', 'd']);
  });
});
