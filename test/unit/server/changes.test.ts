import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TokenScope } from '../../../src/publish/tokenFile.ts';
import { eventData } from '../../../src/server/shapes.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';
import { until } from '../../support/until.ts';
import { userMessage } from '../../support/vaultBuilders.ts';

type Told = { id?: string; event?: string; data?: Record<string, unknown> };

describe('the stream of changes', () => {
  let served: ServedVault;
  const opened: AbortController[] = [];
  before(async () => {
    served = await serveNewVault({ limits: { streams: 4, heartbeatMs: 100 } });
  });
  afterEach(async () => {
    for (const controller of opened.splice(0)) controller.abort();
    await wait(30);
  });
  after(() => served.close());

  /** What a browser's EventSource would tell, as it comes; `comments` are the lines that are no event. */
  async function follow(scope: TokenScope, { query = '', headers = {} }: { query?: string; headers?: object } = {}) {
    const controller = new AbortController();
    opened.push(controller);
    const told: Told[] = [];
    const found = { told, comments: 0, ended: false, status: 0 };
    const answer = await fetch(`${served.server.url}/v1/changes${query}`, {
      signal: controller.signal,
      headers: { authorization: `Bearer ${served.tokens[scope]}`, ...headers },
    });
    found.status = answer.status;
    if (answer.status !== 200) return found;
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    void (async () => {
      let text = '';
      try {
        for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          const blocks = text.split('\n\n');
          text = blocks.pop()!;
          for (const block of blocks) {
            const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
            if (fields.data) told.push({ ...fields, data: JSON.parse(fields.data) });
            else if (block.startsWith(':')) found.comments += 1;
          }
        }
      } catch {
        // Aborted by the test.
      }
      found.ended = true;
    })();
    return found;
  }

  it('tells every entry of the log once and in order, from where it is asked to', async () => {
    const live = await follow('read', { query: '?after=0' });
    await release(served.engine, 'a/one');
    const { lastSeq } = await served.engine.info();
    await until(() => live.told.at(-1)?.id === String(lastSeq));
    const log = await served.engine.eventsAfter({ seq: 0 });
    assert.deepEqual(
      live.told.map(({ data }) => data),
      log,
    );
    assert.deepEqual(
      live.told.map(({ id, event }) => [id, event]),
      log.map(({ seq, kind }) => [String(seq), kind]),
    );
    for (const { data } of live.told) assert.deepEqual(eventData.parse(data), data);

    const resumed = await follow('read', { query: '?after=0', headers: { 'last-event-id': String(lastSeq - 2) } });
    await until(() => resumed.told.length === 2);
    assert.deepEqual(resumed.told, live.told.slice(-2));
  });

  it('begins now unless told, and shows that it lives', async () => {
    const live = await follow('read');
    await until(() => live.comments >= 2);
    assert.equal(live.told.length, 0);
    await served.engine.tag({ path: 'a/one', add: ['now'] });
    await until(() => live.told.length === 1);
    assert.equal(live.told[0]?.event, 'prompt.tagged');
  });

  it('tells a token for PRD alone of releases alone, not by whom or why', async () => {
    const live = await follow('read-prd', { query: '?after=0' });
    await served.engine.promote({ ref: 'a/one@1.1' });
    await served.engine.promote({ ref: 'a/one@1.1', rationale: 'Because of a customer' });
    await served.engine.rollback({ path: 'a/one', to: '1.0', reason: 'Worse answers' });
    await until(() => live.told.some(({ event }) => event === 'version.rolledBack'));
    const kinds = live.told.map(({ event, data }) => `${event} ${data?.version}`);
    assert.deepEqual(kinds.slice(0, 3), ['version.promoted 1.0', 'version.promoted 1.1', 'version.retired 1.0']);
    assert.doesNotMatch(JSON.stringify(live.told), /actor|reason|Ada|customer|Worse|created|tagged/);
    for (const { data } of live.told) assert.deepEqual(eventData.parse(data), data);
    assert.equal(live.told[1]?.data?.hash, (await served.engine.show({ ref: 'a/one@1.1' })).hash);
  });

  it('says to start over when it is asked for what the log does not hold', async () => {
    const live = await follow('read', { query: '?after=100000' });
    await until(() => live.told.length === 1);
    const { lastSeq } = await served.engine.info();
    assert.deepEqual(live.told, [{ id: String(lastSeq), event: 'reset', data: {} }]);
  });

  it('is open for no more readers than said, of one token or all, and for others once these have gone', async () => {
    const statuses = async (...scopes: TokenScope[]) =>
      (await Promise.all(scopes.map((scope) => follow(scope)))).map(({ status }) => status).sort();
    assert.deepEqual(await statuses('read', 'read', 'read', 'read', 'read'), [200, 200, 200, 503, 503]);
    assert.deepEqual(await statuses('read-prd', 'read-prd'), [200, 503]);
    opened[0]!.abort();
    opened[1]!.abort();
    opened[2]!.abort();
    await until(async () => (await statuses('read'))[0] === 200);
  });

  it('lets go a reader that takes nothing of what it asked for, and serves the others', async () => {
    const slow = await serveNewVault({ limits: { stallMs: 100, streams: 1 } });
    try {
      await slow.engine.create({ path: 'a/one', messages: [userMessage('Hi')] });
      const rationale = 'long '.repeat(19_000);
      const vault = openVault(join(slow.folder, 'vault.db'), { actor: 'Ada' });
      vault.database.write(() => {
        for (let i = 0; i < 80; i += 1) vault.createVersion({ ref: 'a/one', rationale });
      });
      vault.close();
      const { port, host } = new URL(slow.server.url);
      const socket = connect(Number(port), '127.0.0.1')
        .pause()
        .on('error', () => undefined);
      socket.write(
        `GET /v1/changes?after=0 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${slow.tokens.read}\r\n\r\n`,
      );
      assert.equal((await slow.ask('/v1/prompts')).status, 200);
      // The place it took is free again.
      await until(async () => {
        const probe = new AbortController();
        const headers = { authorization: `Bearer ${slow.tokens.read}` };
        const { status } = await fetch(`${slow.server.url}/v1/changes`, { headers, signal: probe.signal });
        probe.abort();
        return status === 200;
      });
      let bytes = 0;
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      await once(socket.resume(), 'close');
      assert.ok(bytes > 0 && bytes < 80 * rationale.length, `${bytes} bytes`);
    } finally {
      await slow.close();
    }
  });

  it('ends soon after its token is revoked', async () => {
    const live = await follow('read-prd');
    const begun = performance.now();
    await served.engine.revokeToken({ id: served.tokens['read-prd'].split('_')[1]! });
    await until(() => live.ended);
    assert.ok(performance.now() - begun < 5000);
    assert.equal((await served.ask('/v1/prompts', {}, 'read-prd')).status, 401);
  });

  it('ends with the server', async () => {
    const live = await follow('read');
    await served.server.close();
    await until(() => live.ended);
  });
});
