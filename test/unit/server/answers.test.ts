import assert from 'node:assert/strict';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';

describe('an answer', () => {
  let served: ServedVault;
  const long = `Sort {{mail}}. ${'Again and again. '.repeat(200)}`;
  before(async () => {
    served = await serveNewVault();
    await release(served.engine, 'support/triage', long);
    await release(served.engine, 'short/one');
  });
  after(() => served.close());

  /** As it comes, nothing unpacked. */
  function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
      const authorization = `Bearer ${served.tokens.read}`;
      request(served.server.url + path, { method, headers: { authorization, ...headers } }, async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        const { statusCode: status = 0 } = answer;
        resolve({ status, headers: answer.headers as Record<string, string>, body: Buffer.concat(chunks) });
      })
        .on('error', reject)
        .end();
    });
  }

  it('has a strong tag of version and hash, and is asked for again at each use', async () => {
    const { headers, body } = await raw('/v1/get/short/one');
    const { version, hash } = JSON.parse(body.toString());
    assert.equal(headers.etag, `"${version}-${hash}"`);
    assert.equal(headers['cache-control'], 'private, no-cache');
    assert.equal(headers.vary, 'accept-encoding');
    assert.equal(headers['content-type'], 'application/json');
  });

  it('of an exact released version may be kept for ever', async () => {
    const { headers } = await raw('/v1/get/short/one?version=1.0');
    assert.equal(headers['cache-control'], 'private, max-age=31536000, immutable');
  });

  it('is 304 for who has it, first and from what is kept', async () => {
    for (const path of ['/v1/get/short/one', '/v1/prompts', '/v1/history/short/one', '/openapi.json']) {
      const { etag } = (await raw(path)).headers;
      assert.match(etag!, /^"[^"]+"$/);
      for (const tags of [etag!, `"other", W/${etag}`, '*']) {
        const again = await raw(path, { 'if-none-match': tags });
        assert.deepEqual([again.status, again.body.length], [304, 0], `${path} ${tags}`);
      }
      assert.equal((await raw(path, { 'if-none-match': '"other"' })).status, 200);
    }
  });

  it('changes its tag with the vault', async () => {
    const before = (await raw('/v1/history/short/one')).headers.etag!;
    await served.engine.tag({ path: 'short/one', add: ['new'] });
    const after = await raw('/v1/history/short/one', { 'if-none-match': before });
    assert.equal(after.status, 200);
    assert.notEqual(after.headers.etag, before);
  });

  it('above 1 KB comes packed as the client likes, with a tag of its own', async () => {
    const plain = await raw('/v1/get/support/triage');
    assert.equal(plain.headers['content-encoding'], undefined);
    for (const [accepted, encoding, unpack] of [
      ['gzip', 'gzip', gunzipSync],
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['br;q=0.1, gzip;q=0.9', 'gzip', gunzipSync],
    ] as const) {
      for (let time = 0; time < 2; time += 1) {
        const packed = await raw('/v1/get/support/triage', { 'accept-encoding': accepted });
        assert.equal(packed.headers['content-encoding'], encoding);
        assert.deepEqual(unpack(packed.body), plain.body);
        assert.notEqual(packed.headers.etag, plain.headers.etag);
        const known = await raw('/v1/get/support/triage', { 'if-none-match': packed.headers.etag! });
        assert.equal(known.status, 304);
      }
    }
    const refused = await raw('/v1/get/support/triage', { 'accept-encoding': 'br;q=0, identity' });
    assert.deepEqual(refused.body, plain.body);
    const small = await raw('/v1/get/short/one', { 'accept-encoding': 'gzip' });
    assert.equal(small.headers['content-encoding'], undefined);
  });

  it('to HEAD is the one to GET without its body', async () => {
    for (const path of ['/v1/get/short/one?version=1.0', '/v1/history/support/triage']) {
      const head = await raw(path, {}, 'HEAD');
      const get = await raw(path);
      assert.deepEqual([head.status, head.body.length], [200, 0]);
      assert.equal(head.headers['content-length'], get.headers['content-length']);
      assert.equal(head.headers.etag, get.headers.etag);
    }
  });

  it('names the request as its client did, or by a name of its own', async () => {
    assert.equal((await raw('/v1/health', { 'x-request-id': 'job-7:a.b' })).headers['x-request-id'], 'job-7:a.b');
    const odd = (await raw('/v1/get/short/one', { 'x-request-id': 'a b "c"' })).headers['x-request-id'];
    assert.match(odd!, /^[\w-]{12}-\d+$/);
  });

  it('that refuses is a problem with its code and the name of the request', async () => {
    const { status, headers, body } = await raw('/v1/get/no/such', { 'x-request-id': 'seven' });
    assert.equal(status, 404);
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.equal(headers['cache-control'], 'no-store');
    const problem = JSON.parse(body.toString());
    assert.deepEqual([problem.code, problem.status, problem.requestId], ['NOT_FOUND', 404, 'seven']);
  });

  it('that refuses names no command, which who asks may not have', async () => {
    for (const path of [
      '/v1/history/no/such',
      '/v1/versions/short/one?ref=7.7',
      '/v1/diff/short/one?from=7.7&to=PRD',
    ]) {
      const { status, body } = await raw(path);
      const { detail } = JSON.parse(body.toString()) as { detail: string };
      assert.equal(status, 404);
      assert.match(detail, /no\/such|7\.7/);
      assert.doesNotMatch(detail, /promptvault/);
    }
  });

  it('is never for pages of other origins', async () => {
    for (const path of ['/v1/health', '/v1/get/short/one', '/nothing']) {
      const { headers } = await raw(path);
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control')),
        [],
      );
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    }
  });

  it('from what is kept is never older than the last commit', async () => {
    for (let version = 1; version <= 2; version += 1) {
      await served.engine.promote({ ref: `support/triage@1.${version}` });
      await served.engine.promote({ ref: `support/triage@1.${version}` });
      assert.equal(JSON.parse((await raw('/v1/get/support/triage')).body.toString()).version, `1.${version}`);
      await served.engine.createVersion({ ref: 'support/triage' });
    }
  });
});
