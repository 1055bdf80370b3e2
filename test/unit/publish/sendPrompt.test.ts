import assert from 'node:assert/strict';
import { pauseMs } from '../../../src/publish/judgeAnswer.ts';
import { sendPrompt } from '../../../src/publish/sendPrompt.ts';
import { type Answer, type EndpointServer, openEndpointServer } from '../../support/endpointServer.ts';

describe('sendPrompt', () => {
  let server: EndpointServer;
  beforeEach(async () => {
    server = await openEndpointServer();
  });
  afterEach(() => server.close());

  function send(answer: Answer, signal?: AbortSignal) {
    server.answer = answer;
    return put(`${server.url}/a`, signal);
  }
  async function put(url: string, signal?: AbortSignal) {
    const headers = { authorization: 'Bearer canary' };
    const request = { method: 'PUT', url: new URL(url), headers, body: '{}' };
    const { attempts, verdict } = await sendPrompt(() => request, { reach: 'loopback', signal });
    return { attempts, error: verdict?.error ?? null, giveUp: verdict?.giveUp ?? false };
  }
  const status =
    (...codes: number[]): Answer =>
    (_, response, number) => {
      response.writeHead(codes[number - 1] ?? 204, { 'retry-after': '0' }).end('try again');
    };

  for (const code of [408, 429, 500, 502, 503]) {
    it(`tries again after ${code}`, async () => {
      assert.deepEqual(await send(status(code)), { attempts: 2, error: null, giveUp: false });
    });
  }

  for (const code of [400, 404, 409, 413, 501]) {
    it(`does not repeat what ${code} answered, but goes on with others`, async () => {
      const { attempts, error, giveUp } = await send(status(code));
      assert.deepEqual([attempts, giveUp], [1, false]);
      assert.match(error ?? '', new RegExp(`HTTP ${code}`));
    });
  }

  for (const code of [401, 403]) {
    it(`gives up at ${code} and keeps the token to itself`, async () => {
      const { attempts, error, giveUp } = await send(status(code));
      assert.deepEqual([attempts, giveUp], [1, true]);
      assert.ok(error?.includes(`HTTP ${code}`) && !error.includes('canary'));
    });
  }

  it('follows no redirect', async () => {
    const { giveUp } = await send((_, response) => {
      response.writeHead(307, { location: `${server.url}/elsewhere` }).end();
    });
    assert.equal(giveUp, true);
    assert.deepEqual(
      server.received.map(({ path }) => path),
      ['/prompts/a'],
    );
  });

  it('ends after four attempts', async () => {
    const { attempts, error } = await send(status(503, 503, 503, 503, 503));
    assert.equal(attempts, 4);
    assert.match(error ?? '', /HTTP 503/);
  });

  it('tries again when the connection is cut before or amid the answer', async () => {
    const result = await send((_, response, number) => {
      if (number === 1) response.destroy();
      if (number === 2) {
        response.writeHead(200, { 'content-length': '1000' }).write('half');
        setTimeout(() => response.destroy(), 20);
      }
    });
    assert.deepEqual(result, { attempts: 3, error: null, giveUp: false });
  });

  it('hears out no endless answer', async () => {
    const result = await send((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65536)));
      };
      response.on('drain', more);
      more();
    });
    assert.equal(result.error, null);
  });

  it('stops at once when aborted, while waiting for an answer and while pausing', async () => {
    const waits: Answer = (_, response) => response.writeHead(200).flushHeaders();
    const pauses: Answer = (_, response) => response.writeHead(503, { 'retry-after': '25' }).end();
    for (const answer of [waits, pauses]) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 150);
      const started = performance.now();
      await assert.rejects(send(answer, abort.signal), { code: 'CANCELLED' });
      assert.ok(performance.now() - started < 5000);
    }
  });

  it('reports a closed port', async () => {
    await server.close();
    const closed = await put(`${server.url}/a`);
    assert.deepEqual([closed.attempts, closed.giveUp], [4, true]);
    assert.match(closed.error ?? '', /ECONNREFUSED/);
  });
});

describe('pauseMs', () => {
  const bounds = { firstMs: 300, maxMs: 30_000 };

  it('obeys Retry-After in both spellings, up to half a minute', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    assert.equal(pauseMs(1, '2', bounds, now), 2000);
    assert.equal(pauseMs(1, 'Thu, 01 Jan 2026 00:00:05 GMT', bounds, now), 5000);
    assert.equal(pauseMs(1, 'Wed, 31 Dec 2025 00:00:00 GMT', bounds, now), 0);
    assert.equal(pauseMs(1, '86400', bounds, now), 30_000);
  });

  it('grows from attempt to attempt without it', () => {
    for (const hint of [undefined, 'soon']) {
      assert.ok(pauseMs(1, hint, bounds) <= 375);
      assert.ok(pauseMs(3, hint, bounds) >= 900 && pauseMs(3, hint, bounds) <= 1500);
    }
  });
});
