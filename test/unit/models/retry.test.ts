import assert from 'node:assert/strict';
import {
  type Completion,
  collect,
  type RetryEvent,
  type RetryOptions,
  streamWithRetry,
} from '../../../src/models/complete.ts';
import { retryAfter } from '../../../src/models/failures.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import type { ModelEvent, Provider, Vendor } from '../../../src/models/types.ts';
import { codeOf, type VaultError } from '../../../src/shared/errors.ts';
import { type Fault, type ModelScript, type ModelServer, startModelServer } from '../../support/modelServer.ts';

const unexpected = () => assert.fail('it answered');
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Tell me.' }], settings: {} };

describe('the retry layer', () => {
  let server: ModelServer;
  const serve = async (script: ModelScript) => {
    server = await startModelServer(script);
  };
  afterEach(() => server.close());

  async function ask(options: RetryOptions = {}, vendor: Vendor = 'openai'): Promise<Completion> {
    const connection = { apiKey: 'key-of-the-test', baseUrl: server.url };
    return collect(streamWithRetry(await loadProvider(vendor), request, connection, { backoffMs: 1, ...options }));
  }
  const first = (fault: Fault): ModelScript => ({ fault: ({ index }) => index === 0 && fault });
  const gap = () => (server.requests[1]?.at ?? Number.NaN) - (server.requests[0]?.at ?? Number.NaN);

  it('waits as many seconds as the endpoint asks for', async () => {
    await serve(first({ kind: 'status', status: 429, headers: { 'retry-after': '1' } }));
    const done = await ask();
    assert.equal(done.attempts, 2);
    assert.ok(gap() >= 990 && gap() < 1500, `waited ${gap()} ms`);
    assert.ok(done.latencyMs < 500, `the wait counts as latency: ${done.latencyMs} ms`);
  });

  it('asks again at once when the endpoint says 0', async () => {
    await serve(first({ kind: 'status', status: 429, headers: { 'retry-after': '0' } }));
    assert.equal((await ask({ backoffMs: 5_000 })).attempts, 2);
    assert.ok(gap() < 300, `waited ${gap()} ms`);
  });

  it('waits no longer than its cap, whatever the endpoint asks for', async () => {
    await serve(first({ kind: 'status', status: 429, headers: { 'retry-after': '120' } }));
    assert.equal((await ask({ maxWaitMs: 50 })).attempts, 2);
    assert.ok(gap() >= 45 && gap() < 500, `waited ${gap()} ms`);
  });

  for (const vendor of ['openai', 'anthropic', 'google', 'compatible'] as const) {
    for (const status of [408, 429, 500, 503, 529]) {
      it(`asks ${vendor} again after ${status}`, async () => {
        await serve(first({ kind: 'status', status }));
        const done = await ask({}, vendor);
        assert.equal(done.text, 'Tell me.');
        assert.equal(done.attempts, 2);
      });
    }
    for (const status of [400, 401, 403, 404, 413, 422]) {
      it(`asks ${vendor} once for ${status}`, async () => {
        await serve({ fault: () => ({ kind: 'status', status }) });
        const error = await ask({}, vendor).then(unexpected, (thrown: VaultError) => thrown);
        assert.equal(error.code, 'PROVIDER');
        assert.equal(error.details.status, status);
        assert.equal(server.requests.length, 1);
      });
    }
    it(`asks ${vendor} again when the connection drops before the answer`, async () => {
      await serve(first({ kind: 'drop' }));
      assert.equal((await ask({}, vendor)).attempts, 2);
    });

    it(`asks ${vendor} again when it says at once inside the stream that it is overloaded`, async () => {
      await serve(first({ kind: 'error', after: 0, status: vendor === 'anthropic' ? 529 : 503 }));
      const done = await ask({}, vendor);
      assert.equal(done.text, 'Tell me.');
      assert.equal(done.attempts, 2);
    });
  }

  it('does not wait for an account that is empty', async () => {
    const body = { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } };
    await serve({ fault: () => ({ kind: 'status', status: 429, body }) });
    const error = await ask().then(unexpected, (thrown: VaultError) => thrown);
    assert.equal(error.details.status, 429);
    assert.equal(server.requests.length, 1);
  });

  it('gives up after its number of attempts and tells each retry', async () => {
    await serve({ fault: () => ({ kind: 'status', status: 500 }) });
    const retries: RetryEvent[] = [];
    const error = await ask({ maxAttempts: 3, onRetry: (event) => retries.push(event) }).then(
      unexpected,
      (thrown: VaultError) => thrown,
    );
    assert.equal(codeOf(error), 'PROVIDER');
    assert.equal(error.details.attempts, 3);
    assert.equal(server.requests.length, 3);
    assert.deepEqual(
      retries.map(({ attempt }) => attempt),
      [2, 3],
    );
  });

  it('doubles its own waits', async () => {
    await serve({ fault: () => ({ kind: 'status', status: 500 }) });
    const waits: number[] = [];
    await assert.rejects(ask({ maxAttempts: 4, backoffMs: 8, onRetry: ({ waitMs }) => waits.push(waitMs) }));
    assert.equal(waits.length, 3);
    for (const [index, wait] of waits.entries()) {
      const middle = 8 * 2 ** index;
      assert.ok(wait >= middle * 0.7 && wait <= middle * 1.3, `wait ${index} was ${wait}`);
    }
  });

  it('can be cancelled while it waits', async () => {
    await serve({ fault: () => ({ kind: 'status', status: 429, headers: { 'retry-after': '30' } }) });
    const abort = new AbortController();
    const started = Date.now();
    const asked = ask({ signal: abort.signal, onRetry: () => setTimeout(() => abort.abort(), 10) });
    await assert.rejects(asked, (error) => codeOf(error) === 'CANCELLED');
    assert.ok(Date.now() - started < 10_000);
    assert.equal(server.requests.length, 1);
  });

  it('closes the connection when the reader leaves the loop', async () => {
    for (const vendor of ['openai', 'anthropic', 'google'] as const) {
      await serve({ reply: () => 'a b c d', fault: () => ({ kind: 'stall', after: 2 }) });
      const provider = await loadProvider(vendor);
      for await (const event of streamWithRetry(provider, request, { apiKey: 'some-key', baseUrl: server.url })) {
        if (event.type === 'text') break;
      }
      assert.equal(await server.requests[0]?.closed, 'early');
      await server.close();
    }
    await serve({});
  });

  it('gives up on a provider that ignores its signal', async () => {
    await serve({});
    const deaf: Provider = {
      async *stream() {
        yield { type: 'text', text: 'a' } satisfies ModelEvent;
        await new Promise(() => undefined);
      },
    };
    const asked = collect(streamWithRetry(deaf, request, {}, { idleTimeoutMs: 30 }));
    await assert.rejects(asked, (error) => codeOf(error) === 'TIMEOUT');
  });

  it('starts the text anew after a retry', async () => {
    async function* events(): AsyncGenerator<ModelEvent> {
      yield { type: 'text', text: 'void' };
      yield { type: 'retry', attempt: 2, waitMs: 0, reason: 'busy' };
      yield { type: 'text', text: 'kept' };
      yield { type: 'finish', reason: 'stop' };
    }
    await serve({});
    const done = await collect(events());
    assert.equal(done.text, 'kept');
    assert.equal(done.attempts, 2);
    assert.equal(done.usage, null);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const cases: [object, number | undefined][] = [
    [{ 'retry-after': '1' }, 1000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '2', 'retry-after-ms': '150' }, 150],
    [{}, undefined],
  ];
  for (const [headers, expected] of cases) {
    it(`reads ${JSON.stringify(headers)} as ${expected}`, () => {
      assert.equal(retryAfter(new Headers(headers as Record<string, string>), now), expected);
    });
  }
});
