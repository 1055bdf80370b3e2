import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import {
  type ClientError,
  type ClientErrorCode,
  type ClientOptions,
  createClient,
} from '../../../src/publish/client/client.ts';
import { type PromptServer, startPromptServer } from '../../support/promptServer.ts';
import { createReleased, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

const path = 'support/triage';
const text = `Sort {{mail}} – ${'Ünïcode 🙂 '.repeat(20_000)}`;
const failsWith = (code: ClientErrorCode) => (error: unknown) => (error as ClientError).code === code;

describe('the ways of the client to a server', () => {
  let test: TestVault;
  let server: PromptServer;
  before(() => {
    test = temporaryVault();
    createReleased(test.vault, { path, messages: [userMessage(text)] });
  });
  after(() => test.remove());
  beforeEach(async () => {
    server = await startPromptServer(test.vault);
  });
  afterEach(() => server.close());

  const clientOf = (options: Partial<ClientOptions> = {}) =>
    createClient({ source: { url: server.url, token: server.token }, ttlMs: 0, ...options });
  const instead = (work: (response: ServerResponse) => void) => {
    server.instead = work;
  };

  const ways: [string, Partial<ClientOptions>][] = [
    ['node:http', {}],
    ['fetch', { fetch: globalThis.fetch }],
  ];
  for (const [way, options] of ways) {
    describe(`by ${way}`, () => {
      it('bring a long text in many pieces, then 304', async () => {
        const client = clientOf(options);
        const [first, second] = [await client.get(path), await client.get(path)];
        assert.deepEqual([first.messages[0]!.content, second.stale], [text, false]);
        assert.deepEqual(
          server.asked.map(({ headers }) => headers['if-none-match'] !== undefined),
          [false, true],
        );
      });

      it('follow nobody elsewhere', async () => {
        instead((response) => response.writeHead(302, { location: `${server.url}/elsewhere` }).end());
        await assert.rejects(clientOf(options).get(path), failsWith('REFUSED'));
        assert.equal(server.asked.length, 1);
      });

      it('end in time without a head, and in the middle of a body', async () => {
        const client = clientOf({ ...options, timeoutMs: 60 });
        instead(() => undefined);
        await assert.rejects(client.get(path), failsWith('TIMEOUT'));
        instead((response) => response.writeHead(200, { 'content-length': 1000 }).write('{'));
        await assert.rejects(client.get(path), failsWith('TIMEOUT'));
      });

      it('tell a connection that breaks before, and in the middle of an answer', async () => {
        const client = clientOf(options);
        instead((response) => response.socket?.destroy());
        await assert.rejects(client.get(path), failsWith('UNREACHABLE'));
        instead((response) => {
          response.writeHead(200, { 'content-length': 1000 }).write('{', () => response.socket?.destroy());
        });
        await assert.rejects(client.get(path), failsWith('UNREACHABLE'));
        instead((response) => response.socket?.end('HTTP/1.1 200 OK\r\nno header\r\n\r\n'));
        await assert.rejects(client.get(path), failsWith('UNREACHABLE'));
      });

      it('hold to Retry-After', async () => {
        const client = clientOf(options);
        instead((response) => response.writeHead(429, { 'retry-after': '60' }).end());
        await assert.rejects(client.get(path), ({ details }: ClientError) => details.retryAfterMs === 60_000);
        await assert.rejects(client.get(path), failsWith('REFUSED'));
        assert.equal(server.asked.length, 1);
      });
    });
  }

  /** How many requests went by node:http meanwhile. */
  async function countNodes(work: () => Promise<unknown>): Promise<number> {
    let count = 0;
    const count1 = () => {
      count += 1;
    };
    subscribe('http.client.request.start', count1);
    await work().finally(() => unsubscribe('http.client.request.start', count1));
    return count;
  }

  it('are node:http on this machine, and fetch once somebody replaced it or what it sends by', async () => {
    const { fetch } = globalThis;
    const dispatcher = Symbol.for('undici.globalDispatcher.1');
    const all = globalThis as { [dispatcher]?: unknown };
    const before = all[dispatcher];
    const client = clientOf();
    assert.equal(await countNodes(() => client.get(path)), 1);
    let seen = 0;
    try {
      globalThis.fetch = (...request) => {
        seen += 1;
        return fetch(...request);
      };
      assert.equal(await countNodes(() => client.get(path)), 0);
      assert.equal(seen, 1);
      globalThis.fetch = fetch;
      class ProxyAgent {
        dispatch(): never {
          seen += 1;
          throw new Error('no way');
        }
      }
      all[dispatcher] = new ProxyAgent();
      const proxied = await countNodes(() => assert.rejects(clientOf().get(path), failsWith('UNREACHABLE')));
      assert.deepEqual([proxied, seen], [0, 2]);
    } finally {
      globalThis.fetch = fetch;
      all[dispatcher] = before;
    }
    assert.equal(await countNodes(() => client.get(path)), 1);
    const elsewhere = clientOf({ source: { url: server.url.replace('http:', 'https:') } });
    assert.equal(await countNodes(() => assert.rejects(elsewhere.get(path), failsWith('UNREACHABLE'))), 0);
  });

  it('send no tag that somebody put into the directory and no header can hold', async () => {
    const directory = join(dirname(test.file), 'kept');
    await clientOf({ directory }).get(path);
    const files = async () =>
      (await readdir(directory).catch(() => [])).filter((name) => /^[0-9a-f]+\.json$/.test(name));
    while ((await files()).length === 0) await new Promise(setImmediate);
    const [file = ''] = (await files()).map((name) => join(directory, name));
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), etag: '"a\nb: c"' }));
    assert.equal((await clientOf({ directory }).get(path)).stale, false);
    assert.deepEqual(
      server.asked.map(({ headers }) => headers['if-none-match']),
      [undefined, undefined],
    );
  });

  it('take another connection where the server closed the kept one at the moment of its use', async () => {
    const client = clientOf();
    await client.get(path);
    let broken = 0;
    instead((response) => {
      broken += 1;
      server.instead = undefined;
      response.socket?.resetAndDestroy();
    });
    const { stale } = await client.get(path);
    assert.deepEqual([broken, stale], [1, false]);
  });
});
