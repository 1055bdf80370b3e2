import assert from 'node:assert/strict';
import { type Completion, collect, type RetryOptions, streamWithRetry } from '../../../src/models/complete.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import type { Vendor } from '../../../src/models/types.ts';
import { type ErrorCode, VaultError } from '../../../src/shared/errors.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../../support/modelServer.ts';

const key = 'sk-canary-3f9a7c1d55e0';
const story = 'Once upon a time there was a vault: 雪, 🙂 and {{ braces }}.';
const vendors: { vendor: Vendor; path: string; auth: string }[] = [
  { vendor: 'openai', path: '/v1/chat/completions', auth: 'authorization' },
  { vendor: 'compatible', path: '/v1/chat/completions', auth: 'authorization' },
  { vendor: 'anthropic', path: '/v1/messages', auth: 'authorization' },
  { vendor: 'google', path: '/v1beta/models/some-model:streamGenerateContent?alt=sse', auth: 'x-goog-api-key' },
];

it('a compatible server without a key gets no authorization', async () => {
  const server = await startModelServer();
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], settings: {} };
  const asked = collect(streamWithRetry(await loadProvider('compatible'), request, { baseUrl: server.url }));
  await asked.finally(() => server.close());
  assert.equal(server.requests.length, 1);
  assert.equal(server.requests[0]?.headers.authorization, undefined);
});

for (const { vendor, path, auth } of vendors) {
  describe(`${vendor} over HTTP`, () => {
    let server: ModelServer;
    const serve = async (script: ModelScript) => {
      server = await startModelServer(script);
    };
    afterEach(() => server.close());

    async function ask(options: RetryOptions = {}, onText?: (text: string) => void): Promise<Completion> {
      const request = {
        model: 'some-model',
        messages: [
          { role: 'system' as const, content: 'Be brief.' },
          { role: 'user' as const, content: 'Tell me.' },
        ],
        settings: { temperature: 0.2 },
      };
      const provider = await loadProvider(vendor);
      const events = streamWithRetry(
        provider,
        request,
        { apiKey: key, baseUrl: server.url },
        { maxAttempts: 1, ...options },
      );
      return collect(events, (event) => event.type === 'text' && onText?.(event.text));
    }

    async function failure(code: ErrorCode, options?: RetryOptions, onText?: (text: string) => void) {
      const error = await ask(options, onText).then(
        (done) => assert.fail(`answered ${JSON.stringify(done)}`),
        (thrown: VaultError) => thrown,
      );
      assert.equal(error.code, code, error.message);
      assert.ok(error instanceof VaultError);
      const told = [error.message, JSON.stringify(error.details), error.stack, String(error.cause)].join('\n');
      assert.ok(!told.includes(key), 'the key is told');
      return error;
    }

    it('streams text in pieces, counts tokens and sends what it was given', async () => {
      await serve({ reply: () => ({ text: story, delayMs: 10, usage: { input: 120, output: 30, cached: 100 } }) });
      const pieces: string[] = [];
      const done = await ask({}, (text) => pieces.push(text));
      assert.equal(done.text, story);
      assert.equal(pieces.join(''), story);
      assert.ok(pieces.length > 1);
      assert.deepEqual(done.usage, { input: 120, output: 30, cached: 100 });
      assert.equal(done.finishReason, 'stop');
      assert.equal(done.attempts, 1);
      assert.equal(server.requests.length, 1);
      const [request] = server.requests;
      assert.equal(request?.path, path);
      assert.equal(request?.headers[auth], auth === 'authorization' ? `Bearer ${key}` : key);
      assert.deepEqual(request?.messages, [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Tell me.' },
      ]);
      assert.deepEqual(
        Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-stainless')),
        [],
      );
    });

    it('keeps the finish reason of an answer cut by its token limit', async () => {
      await serve({ reply: () => ({ text: 'half', finish: 'length' }) });
      assert.equal((await ask()).finishReason, 'length');
    });

    it('fails on a refused key with a hint, without telling the key the vendor quotes', async () => {
      await serve({ key: 'another-key' });
      const error = await failure('PROVIDER', { maxAttempts: 5 });
      assert.equal(error.details.status, 401);
      assert.equal(error.details.vendor, vendor);
      assert.equal(error.details.attempts, 1);
      assert.match(error.message, /Set API Key/);
    });

    it('fails on a rate limit with the time the vendor asks for', async () => {
      await serve({ fault: () => ({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }) });
      const error = await failure('PROVIDER');
      assert.equal(error.details.status, 429);
      assert.equal(error.details.retryAfterMs, 7000);
    });

    it('closes the connection when aborted midway', async () => {
      await serve({ reply: () => story, fault: () => ({ kind: 'stall', after: 1 }) });
      const abort = new AbortController();
      await failure('CANCELLED', { signal: abort.signal }, () => abort.abort());
      assert.equal(await server.requests[0]?.closed, 'early');
    });

    it('asks nobody when aborted before', async () => {
      await serve({});
      await failure('CANCELLED', { signal: AbortSignal.abort() });
      assert.equal(server.requests.length, 0);
    });

    it('never takes a cut stream for an answer', async () => {
      await serve({ reply: () => story, fault: () => ({ kind: 'cut', after: 2 }) });
      let text = '';
      await failure('TRUNCATED', { maxAttempts: 5, backoffMs: 1 }, (piece) => {
        text += piece;
      });
      assert.ok(text.length > 0);
      assert.equal(server.requests.length, 1);
    });

    it('never takes a stream without its end marker for an answer', async () => {
      await serve({ reply: () => story, fault: () => ({ kind: 'unfinished', after: 4 }) });
      await failure('TRUNCATED', { maxAttempts: 5 });
      assert.equal(server.requests.length, 1);
    });

    it('fails on an error inside the stream', async () => {
      await serve({ reply: () => story, fault: () => ({ kind: 'error', after: 2, message: `no more for ${key}` }) });
      const error = await failure('PROVIDER', { maxAttempts: 5, backoffMs: 1 });
      assert.match(error.message, /no more for \[key\]/);
      assert.equal(server.requests.length, 1);
    });

    it('gives up on a stream that falls silent and closes it', async () => {
      await serve({ reply: () => story, fault: () => ({ kind: 'stall', after: 2 }) });
      await failure('TIMEOUT', { idleTimeoutMs: 80, firstTextTimeoutMs: 60_000, maxAttempts: 5 });
      assert.equal(await server.requests[0]?.closed, 'early');
      assert.equal(server.requests.length, 1);
    });

    it('gives up on an endpoint that never answers and closes the connection', async () => {
      await serve({ fault: () => ({ kind: 'silent' }) });
      await failure('TIMEOUT', { firstTextTimeoutMs: 80 });
      assert.equal(await server.requests[0]?.closed, 'early');
    });

    it('waits as long as chunks keep coming', async () => {
      await serve({ reply: () => ({ text: story, pieces: 8, delayMs: 30 }) });
      assert.equal((await ask({ idleTimeoutMs: 150 })).text, story);
    });

    it('follows no redirect, since the key would travel along', async () => {
      const other = await startModelServer();
      await serve({ fault: () => ({ kind: 'status', status: 307, headers: { location: `${other.url}${path}` } }) });
      const error = await failure('PROVIDER').finally(() => other.close());
      assert.equal(error.details.status, 307);
      assert.deepEqual(other.log, []);
    });

    it('sends no header that a variable of the SDK would add', async () => {
      await serve({});
      const names = ['OPENAI_CUSTOM_HEADERS', 'ANTHROPIC_CUSTOM_HEADERS'];
      for (const name of names) process.env[name] = 'x-elsewhere: secret';
      await ask().finally(() => {
        for (const name of names) delete process.env[name];
      });
      assert.equal(server.requests[0]?.headers['x-elsewhere'], undefined);
    });

    it('lists the models on offer', async () => {
      await serve({ models: ['one', 'two'] });
      const provider = await loadProvider(vendor);
      const ids = await provider.listModels?.({ apiKey: key, baseUrl: server.url }, new AbortController().signal);
      assert.deepEqual(ids, ['one', 'two']);
    });

    it('says that an endpoint is down', async () => {
      await serve({});
      await server.close();
      const error = await failure('PROVIDER', { maxAttempts: 2, backoffMs: 1 });
      assert.equal(error.details.attempts, 2);
      assert.match(error.message, /cannot be reached/);
    });
  });
}
