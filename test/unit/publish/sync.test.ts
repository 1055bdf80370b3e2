import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sync } from '../../../src/publish/sync.ts';
import type { SyncProgress, SyncReport, SyncRequest } from '../../../src/publish/types.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { type EndpointServer, openEndpointServer } from '../../support/endpointServer.ts';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';

describe('sync', () => {
  let held: TestVault;
  let vault: Vault;
  let server: EndpointServer;
  const paths = Array.from({ length: 12 }, (_, index) => `team/p${String(index).padStart(2, '0')}`);

  beforeEach(async () => {
    held = temporaryVault();
    vault = held.vault;
    for (const path of paths) createReleased(vault, { path, messages: [userMessage(`Hello {{name}} from ${path}`)] });
    vault.create({ path: 'team/draft', messages: [userMessage('not yet')] });
    server = await openEndpointServer();
  });
  afterEach(async () => {
    await server.close();
    held.remove();
  });

  const push = (request: Partial<SyncRequest> = {}) => sync(vault, { url: server.url, ...request });
  const counts = ({ sent, unchanged, failed }: SyncReport) => [sent, unchanged, failed];
  const newVersion = (path: string, content: string) => {
    const { version } = vault.createVersion({ ref: path });
    vault.edit({ ref: `${path}@${version}`, messages: [userMessage(content)] });
    return promoteToPrd(vault, `${path}@${version}`);
  };

  it('sends every production version once, with what get serves, and none the second time', async () => {
    const progress: SyncProgress[] = [];
    const onProgress = (step: SyncProgress) => void progress.push(step);
    assert.deepEqual(counts(await sync(vault, { url: server.url, token: 'canary\n' }, { onProgress })), [12, 0, 0]);
    assert.deepEqual(progress.map(({ done, total }) => [done, total]).at(-1), [12, 12]);
    const received = [...server.received].sort((one, other) => (one.path < other.path ? -1 : 1));
    assert.deepEqual(
      received.map(({ method, path }) => `${method} ${path}`),
      paths.map((path) => `PUT /prompts/${path}`),
    );
    const { headers, body } = received[0]!;
    const served = vault.get({ ref: paths[0]! });
    assert.deepEqual(JSON.parse(body), served);
    assert.equal(headers['x-promptvault-hash'], served.hash);
    assert.ok(String(headers['idempotency-key']).includes(served.hash));
    assert.equal(headers.authorization, 'Bearer canary');
    assert.deepEqual(counts(await push()), [0, 12, 0]);
    assert.equal(server.received.length, 12);
  });

  it('sends exactly one after a promotion, and again after a rollback, under a key never used before', async () => {
    await push();
    newVersion(paths[3]!, 'Better');
    assert.deepEqual(counts(await push()), [1, 11, 0]);
    vault.rollback({ path: paths[3]!, to: '1.0', reason: 'worse' });
    assert.deepEqual(counts(await push()), [1, 11, 0]);
    const keys = server.received.map(({ headers }) => headers['idempotency-key']);
    assert.equal(new Set(keys).size, 14);
    assert.deepEqual(JSON.parse(server.received.at(-1)!.body), vault.get({ ref: paths[3]! }));
  });

  it('remembers per endpoint, and sends all again when forced', async () => {
    await push();
    assert.deepEqual(counts(await push({ url: `${server.url}/{path}/current` })), [12, 0, 0]);
    assert.equal(server.received.at(-1)?.path.endsWith('/current'), true);
    assert.deepEqual(counts(await push({ force: true })), [12, 0, 0]);
    assert.deepEqual(counts(await push()), [0, 12, 0]);
  });

  it('shows in a dry run what it would send, and sends nothing', async () => {
    assert.deepEqual(counts(await push({ dryRun: true })), [12, 0, 0]);
    assert.equal(server.received.length, 0);
    assert.deepEqual(counts(await push()), [12, 0, 0]);
  });

  it('repeats with the same key what a busy endpoint put off', async () => {
    server.answer = (_, response, number) => {
      if (number === 1) response.writeHead(503, { 'retry-after': '0' }).end();
    };
    const report = await push();
    assert.deepEqual(counts(report), [12, 0, 0]);
    assert.deepEqual(
      report.items
        .map(({ attempts }) => attempts)
        .sort()
        .slice(-2),
      [1, 2],
    );
    const again = server.received.filter(({ path }) => path === server.received[0]!.path);
    assert.deepEqual(again[0]!.headers['idempotency-key'], again[1]!.headers['idempotency-key']);
  });

  it('goes on where a cut connection stopped it', async () => {
    const arrived = new Set<string>();
    server.answer = (put, response) => {
      if (arrived.size >= 5) response.destroy();
      else arrived.add(put.path);
    };
    const broken = await push();
    assert.deepEqual(counts(broken), [5, 0, 7]);
    assert.ok(broken.items.filter(({ status }) => status === 'failed').every(({ error }) => error));

    server.answer = () => undefined;
    const before = server.received.length;
    assert.deepEqual(counts(await push()), [7, 5, 0]);
    const sent = server.received.slice(before).map(({ path }) => path);
    assert.deepEqual(
      [...sent, ...arrived].sort(),
      paths.map((path) => `/prompts/${path}`),
    );
  });

  it('goes on where a person cancelled it', async () => {
    const abort = new AbortController();
    const onProgress = ({ done }: SyncProgress) => {
      if (done === 4) abort.abort();
    };
    await assert.rejects(sync(vault, { url: server.url }, { onProgress, signal: abort.signal }), { code: 'CANCELLED' });
    const { sent, unchanged, failed } = await push();
    assert.ok(unchanged >= 4 && unchanged < 12);
    assert.deepEqual([sent + unchanged, failed], [12, 0]);
  });

  it('stops at a refused token, says what to do, and shows the token nowhere', async () => {
    server.answer = (_, response) => response.writeHead(401).end('canary is wrong');
    const report = await push({ token: 'canary' });
    assert.deepEqual([report.sent, report.failed], [0, 12]);
    assert.ok(server.received.length <= 4);
    assert.ok(report.items.every(({ error }) => error));
    assert.ok(!JSON.stringify(report).includes('canary'));
    assert.ok(!readFileSync(vault.file).includes('canary'));
  });

  it('sends no prompt to where a redirect points', async () => {
    const other = await openEndpointServer();
    server.answer = (_, response) => response.writeHead(308, { location: other.url }).end();
    const report = await push({ token: 'canary' });
    await other.close();
    assert.deepEqual([counts(report), other.received.length], [[0, 0, 12], 0]);
  });

  it('refuses headers that are none without repeating them', async () => {
    await assert.rejects(push({ token: 'canary\r\nx: y' }), (error: never) => {
      const { code, message } = error as { code: string; message: string };
      return code === 'INVALID_INPUT' && !message.includes('canary');
    });
    await assert.rejects(push({ headers: { 'bad name': 'x' } }), { code: 'INVALID_INPUT' });
    assert.equal(server.received.length, 0);
  });

  it('refuses a vault in which it could not remember, but shows what it would send', async () => {
    const reader = openVault(held.file, { actor: 'Bob <bob@example.com>', mode: 'read' });
    await assert.rejects(sync(reader, { url: server.url }), { code: 'READ_ONLY' });
    assert.deepEqual(counts(await sync(reader, { url: server.url, dryRun: true })), [12, 0, 0]);
    reader.close();
    assert.equal(server.received.length, 0);
  });
});
