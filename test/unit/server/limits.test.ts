import assert from 'node:assert/strict';
import { Agent, createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from '../../../src/server/startServer.ts';
import type { VaultError } from '../../../src/shared/errors.ts';
import { failsWith } from '../../support/engineProcesses.ts';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';
import { until } from '../../support/until.ts';

describe('the limits of the server', () => {
  const log = new PassThrough().setEncoding('utf8');
  let served: ServedVault;
  before(async () => {
    const limits = { perSecond: 3, failuresPerMinute: 5, headMs: 100, requestMs: 200, connections: 20, graceMs: 300 };
    served = await serveNewVault({ limits, log });
    await release(served.engine);
  });
  after(() => served.close());
  const port = () => Number(new URL(served.server.url).port);
  const hostOf = () => new URL(served.server.url).host;
  const gone = (socket: Socket) =>
    new Promise<string>((resolve) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      socket.on('error', () => undefined).on('close', () => resolve(text));
    });

  it('cut off who sends a head or a body by drops', async () => {
    const head = connect(port(), '127.0.0.1');
    head.write('GET /v1/health HTTP/1.1\r\nHost: ');
    const body = connect(port(), '127.0.0.1');
    body.write(
      `POST /v1/prompts HTTP/1.1\r\nHost: ${hostOf()}\r\nAuthorization: Bearer ${served.tokens.write}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    const begun = performance.now();
    const [first, second] = await Promise.all([gone(head), gone(body)]);
    assert.match(first, /^HTTP\/1.1 408 /);
    assert.match(second, /^(HTTP\/1.1 408 |$)/);
    assert.ok(performance.now() - begun < 15_000);
  });

  it('refuse one token that asks too often, and no other', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) statuses.push((await served.ask('/v1/prompts', {}, 'read-prd')).status);
    assert.equal(statuses.filter((status) => status === 200).length, 30);
    const refused = await served.ask('/v1/prompts', {}, 'read-prd');
    assert.deepEqual([refused.status, refused.json.code], [429, 'TOO_MANY_REQUESTS']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    assert.equal((await served.ask('/v1/prompts')).status, 200);
  });

  it('refuse an address that tries token after token, but never a good one from there', async () => {
    const tries: number[] = [];
    for (let i = 0; i < 8; i += 1) tries.push((await served.ask('/v1/prompts', {}, `pv_guess${i}`)).status);
    assert.deepEqual(tries.slice(0, 3), [401, 401, 401]);
    assert.equal(tries.at(-1), 429);
    assert.equal((await served.ask('/v1/prompts')).status, 200);
  });

  it('bear no more connections than said', async () => {
    const sockets = Array.from({ length: 40 }, () => connect(port(), '127.0.0.1').on('error', () => undefined));
    const count = (state: string) => sockets.filter(({ readyState }) => readyState === state).length;
    await until(() => count('opening') === 0 && count('open') <= 20);
    const open = count('open');
    for (const socket of sockets) socket.destroy();
    assert.ok(open > 5, `${open} are open`);
  });

  it('leave neither query nor token in the log, and a line for each request', async () => {
    const spelled = served.tokens.write.replace('pv_', '%70v%5f');
    for (const path of [served.tokens.read, spelled]) await served.ask(`/v1/get/${path}`, {}, null);
    await wait(150);
    const text = String(log.read() ?? '');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(lines.length > 40);
    const [one] = lines.filter(({ status, path }) => status === 200 && path === '/v1/prompts');
    assert.deepEqual(Object.keys(one!).sort(), [
      'address',
      'at',
      'bytes',
      'id',
      'method',
      'ms',
      'path',
      'status',
      'token',
    ]);
    assert.equal(one!.token, served.tokens['read-prd'].split('_')[1]);
    for (const token of Object.values(served.tokens)) assert.ok(!text.includes(token.slice(16)));
    assert.ok(!text.includes('pv_guess'));
  });
});

describe('a server that is told to end', () => {
  it('finishes what is under way, and takes nothing new', async () => {
    const served = await serveNewVault();
    const agent = new Agent({ keepAlive: true });
    try {
      await release(served.engine);
      const { port } = new URL(served.server.url);
      const headers = { authorization: `Bearer ${served.tokens.write}`, 'content-type': 'application/json' };
      let goOn = () => {};
      const answered = new Promise<{ status?: number; connection?: string }>((resolve, reject) => {
        const path = '/v1/render/support/triage';
        const call = request({ port, host: '127.0.0.1', method: 'POST', path, headers, agent }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode, connection: answer.headers.connection });
        });
        call.on('error', reject);
        call.write('{"values":');
        goOn = () => call.end('{"mail":"x"}}');
      });
      await wait(250);
      const closed = served.server.close();
      await until(() =>
        fetch(`${served.server.url}/v1/health`).then(
          () => false,
          () => true,
        ),
      );
      goOn();
      assert.deepEqual(await answered, { status: 200, connection: 'close' });
      await closed;
    } finally {
      agent.destroy();
      await served.close();
    }
  });
});

describe('a place to listen at', () => {
  let served: ServedVault;
  before(async () => {
    served = await serveNewVault();
  });
  after(() => served.close());

  it('is this machine alone, by IPv4 and IPv6', async () => {
    const { port } = new URL(served.server.url);
    assert.equal(new URL(served.server.url).hostname, '127.0.0.1');
    assert.equal((await fetch(`http://[::1]:${port}/v1/health`)).status, 200);
    assert.equal((await fetch(`http://localhost:${port}/v1/health`)).status, 200);
  });

  it('elsewhere needs a certificate or a proxy', async () => {
    const { engine } = served;
    for (const host of ['0.0.0.0', '::', '10.0.0.5', 'example.com']) {
      await assert.rejects(startServer({ engine, port: 0, host }), failsWith('USAGE'));
    }
    for (const behindProxy of ['prompts.example.com', 'https://prompts.example.com/path', 'ftp://x', 'https://a@b']) {
      await assert.rejects(startServer({ engine, port: 0, host: '0.0.0.0', behindProxy }), failsWith('USAGE'));
    }
  });

  it('that is taken is said so', async () => {
    const { engine, server } = served;
    const port = Number(new URL(server.url).port);
    const isBusy = (words: RegExp) => (error: VaultError) => error.code === 'BUSY' && words.test(error.message);
    await assert.rejects(startServer({ engine, port }), isBusy(/PromptVault/));
    const other = createServer((_, response) =>
      response.writeHead(200, { 'x-request-id': 'a' }).end('{"status":"up"}'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port: taken } = other.address() as AddressInfo;
      await assert.rejects(startServer({ engine, port: taken }), isBusy(/another program/));
    } finally {
      other.close();
    }
    const behindProxy = 'https://prompts.example.com';
    await assert.rejects(startServer({ engine, port: 0, host: '192.0.2.1', behindProxy }), failsWith('USAGE'));
  });

  it('behind a proxy answers to the name of the proxy, and logs whom the proxy saw', async () => {
    const log = new PassThrough().setEncoding('utf8');
    const behindProxy = 'https://prompts.example.com';
    const server = await startServer({ engine: served.engine, port: 0, host: '0.0.0.0', behindProxy, log });
    const { port } = new URL(server.url);
    const statusFor = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1', path: '/v1/health', headers, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
    assert.equal(
      await statusFor({ host: 'prompts.example.com', origin: behindProxy, 'x-forwarded-for': '9.9.9.9, 203.0.113.7' }),
      200,
    );
    assert.equal(await statusFor({ host: 'prompts.example.com', origin: 'https://evil.example' }), 403);
    assert.equal(await statusFor({ host: 'evil.example' }), 421);
    await server.close();
    assert.equal(JSON.parse(String(log.read()).split('\n')[0]!).address, '203.0.113.7');
  });
});
