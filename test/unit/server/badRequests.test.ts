import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';
import { userMessage } from '../../support/vaultBuilders.ts';

describe('a hostile request', () => {
  let served: ServedVault;
  before(async () => {
    served = await serveNewVault({ limits: { failuresPerMinute: 1000 } });
    await release(served.engine);
  });
  after(() => served.close());

  /** What the server says to these bytes, until it closes or has answered. */
  function send(text: string | Buffer): Promise<string> {
    const { port } = new URL(served.server.url);
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
      socket.setEncoding('utf8').on('data', (more) => {
        answer += more;
        if (answer.includes('\r\n\r\n')) socket.destroy();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', (error: NodeJS.ErrnoException) => (answer ? resolve(answer) : reject(error)));
    });
  }
  const host = () => new URL(served.server.url).host;
  const get = (target: string, headers = '') =>
    send(`GET ${target} HTTP/1.1\r\nHost: ${host()}\r\nAuthorization: Bearer ${served.tokens.write}\r\n${headers}\r\n`);
  const statusOf = (answer: string) => Number(answer.slice(9, 12));

  it('in its address is refused, and never with 5xx', async () => {
    const targets = [
      ...['/v1/get/%', '/v1/get/%zz', '/v1/get/%c3%28', '/v1/get/a%00b', '/v1/get/a%0d%0ab', '/v1/get/..%2f..%2fetc'],
      ...['/v1/../get', '/v1/get/../../x', '/v1/get/%2e%2e/x', '/v1/get/./x', '//evil/v1/get/x', '/v1/get/a\\b'],
      ...['http://evil.example/v1/get/x', '*', '/v1/prompts?limit=%', '/v1/prompts?limit=-1', '/v1/prompts?limit=1e99'],
      ...[
        '/v1/prompts?folder=a&folder=b',
        '/v1/prompts?__proto__=1',
        '/v1/prompts?constructor=1',
        '/v1/prompts?stage=X',
      ],
      ...['/v1/get/support/triage?verison=1.0', '/v1/get/support/triage?range=%5E1&version=1.0', '/v1/get/a@PRD'],
      ...['/v1/get/support/triage?range=TST', '/v1/get/support/triage?version=latest', '/v1/diff/support/triage'],
      ...['/v1/diff/support/triage?from=x&to=y', '/v1/history/-bad', `/v1/get/${'a'.repeat(500)}`],
      ...[`/v1/get/${'a/'.repeat(4100)}a`, '/v1/changes?after=x', `/v1/versions/support/triage?ref=${'9'.repeat(50)}`],
    ];
    for (const target of targets) {
      const answer = await get(target);
      assert.equal(statusOf(answer), 400, `${target.slice(0, 60)}: ${answer.split('\r\n')[0]}`);
    }
    for (const target of [
      '/v1/get/',
      '/v1/get',
      '/',
      '/v2/get/x',
      '/graphql/x',
      '/constructor',
      '/.env',
      '/v1/get/no/such',
    ]) {
      assert.equal(statusOf(await get(target)), 404, target);
    }
  });

  it('to another name, or from a page of another origin, is refused', async () => {
    for (const other of [
      'evil.example',
      'localhost',
      '127.0.0.1',
      '127.0.0.1:1',
      `evil.example:${new URL(served.server.url).port}`,
    ]) {
      const answer = await send(`GET /v1/health HTTP/1.1\r\nHost: ${other}\r\n\r\n`);
      assert.equal(statusOf(answer), 421, other);
    }
    for (const origin of ['null', 'https://evil.example', `https://${host()}`, `http://${host()}.evil.example`]) {
      assert.equal(statusOf(await get('/v1/prompts', `Origin: ${origin}\r\n`)), 403, origin);
    }
    assert.equal(statusOf(await get('/v1/prompts', `Origin: http://${host()}\r\n`)), 200);
    assert.equal(statusOf(await send('GET /v1/health HTTP/1.1\r\n\r\n')), 400);
  });

  it('with another method is refused, preflights included', async () => {
    for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const answer = await send(
        `${method} /v1/prompts HTTP/1.1\r\nHost: ${host()}\r\nOrigin: http://${host()}\r\n\r\n`,
      );
      assert.equal(statusOf(answer), 405, method);
    }
    assert.equal((await served.ask('/v1/get/support/triage', { method: 'POST', body: '{}' }, 'write')).status, 405);
    assert.equal((await served.ask('/graphql?query=%7B__typename%7D')).status, 405);
  });

  const post = (path: string, body: string, type = 'application/json') =>
    served.ask(path, { method: 'POST', body, headers: { 'content-type': type } }, 'write');

  it('with a body that is no JSON is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      assert.equal((await post('/v1/prompts', '{"path":"a","messages":[]}', type)).status, 415, type);
    }
    assert.equal((await served.ask('/v1/prompts', { method: 'POST' }, 'write')).status, 415);
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '{"path":1}',
      '{"a":\u0000}',
      '{"path":"x","messages":[],"stage":"PRD"}',
    ]) {
      assert.equal((await post('/v1/prompts', body || ' ')).status, 400, body);
    }
  });

  it('with keys of the prototype changes nothing and is refused', async () => {
    const values = '{"values":{"mail":"x","__proto__":{"polluted":true}}}';
    assert.equal((await post('/v1/render/support/triage', values)).status, 400);
    for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
      const answer = await post('/v1/render/support/triage', `{"values":{"mail":"x","${key}":"y"}}`);
      assert.deepEqual([answer.status, answer.json.code], [422, 'VARIABLES'], key);
    }
    const graphql = '{ render(path: "support/triage", values: {mail: "x", __proto__: {polluted: true}}) { version } }';
    const { json } = await post('/graphql', JSON.stringify({ query: graphql }));
    assert.deepEqual(json, { data: { render: { version: '1.0' } } });
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('for a value that a prompt repeats until it is too large is refused, over GraphQL too', async () => {
    await served.engine.create({ path: 'echo', messages: [userMessage('{{a}}'.repeat(20))] });
    for (const { length } of [{ length: 1000 }, { length: 500_000 }]) {
      const body = JSON.stringify({ version: '1.0', values: { a: 'x'.repeat(length) } });
      assert.equal((await post('/v1/render/echo', body)).status, length === 1000 ? 200 : 413);
    }
    await served.engine.create({ path: 'louder', messages: [userMessage('{{a}}'.repeat(1100))] });
    const body = JSON.stringify({ version: '1.0', values: { a: 'x'.repeat(500_000) } });
    assert.equal((await post('/v1/render/louder', body)).status, 413);
    const query = 'query ($values: JSON!) { render(path: "echo", version: "1.0", values: $values) { hash } }';
    const variables = { values: { a: 'x'.repeat(500_000) } };
    const { json } = await post('/graphql', JSON.stringify({ query, variables }));
    assert.equal((json.errors as { extensions: { code: string } }[])[0]!.extensions.code, 'TOO_LARGE');
  });

  it('with a body of 10 MB is refused, announced or not, and the server goes on', async () => {
    const large = Buffer.alloc(10 * 1024 * 1024, 'x');
    const announced = await served.ask(
      '/v1/prompts',
      { method: 'POST', body: large, headers: { 'content-type': 'application/json' } },
      'write',
    );
    assert.deepEqual([announced.status, announced.json.code], [413, 'TOO_LARGE']);
    const chunk = `${large.length.toString(16)}\r\n`;
    const head = `POST /v1/prompts HTTP/1.1\r\nHost: ${host()}\r\nAuthorization: Bearer ${served.tokens.write}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const streamed = await send(Buffer.concat([Buffer.from(head + chunk), large, Buffer.from('\r\n0\r\n\r\n')]));
    assert.equal(statusOf(streamed), 413);
    assert.equal((await served.ask('/v1/prompts')).status, 200);
    assert.equal(
      (await served.ask('/v1/prompts', { method: 'POST', body: large, headers: { 'content-type': 'x/y' } }, null))
        .status,
      401,
    );
  });

  it('with headers of 20 KB is refused', async () => {
    assert.equal(statusOf(await get('/v1/prompts', `X-Large: ${'x'.repeat(20_000)}\r\n`)), 431);
  });

  it('with a token in any other shape is refused', async () => {
    const [read = '', id] = [served.tokens.read, served.tokens.read.split('_')[1]];
    for (const token of ['', 'x', read.slice(0, -1), `${read}x`, read.toUpperCase(), `pv_${id}_${'A'.repeat(43)}`]) {
      assert.equal((await served.ask('/v1/prompts', {}, token || 'none')).status, 401, token);
    }
    const cookie = await served.ask('/v1/prompts', { headers: { cookie: `token=${read}` } }, null);
    assert.equal(cookie.status, 401);
    assert.equal((await served.ask(`/v1/prompts?token=${read}&access_token=${read}`, {}, null)).status, 401);
    assert.match(cookie.headers.get('www-authenticate')!, /^Bearer/);
  });
});
