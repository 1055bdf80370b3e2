import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openVault } from '../../src/vault/vault.ts';
import { jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';
import { type ServeProcess, startServe } from '../support/serveProcess.ts';
import { until } from '../support/until.ts';
import { createReleased, testActor, userMessage } from '../support/vaultBuilders.ts';

const run = promisify(execFile);

describe('promptvault serve', () => {
  const folder = temporaryFolder();
  const options = () => ({ cwd: folder.path(), env: { PROMPTVAULT_TOKENS: join(folder.path(), 'state/tokens.json') } });
  const cli = (...args: string[]) => jsonOf(args, options());
  const text = 'Sort this mail carefully: {{mail}}';
  let server: ServeProcess;
  let token: string;
  let id: string;
  const statusOf = async (path: string, headers: object = { authorization: `Bearer ${token}` }) =>
    (await fetch(server.url + path, { headers: headers as Record<string, string> })).status;
  const versionNow = async () => {
    const answer = await fetch(`${server.url}/v1/get/support/triage`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await answer.json()) as { version: string }).version;
  };

  before(async function () {
    this.timeout(20_000);
    const vault = openVault(join(folder.path(), '.promptvault/vault.db'), { actor: testActor, mode: 'create' });
    createReleased(vault, { messages: [userMessage(text)] });
    vault.createVersion({ ref: 'support/triage' });
    vault.promote({ ref: 'support/triage@1.1' });
    vault.close();
    ({ token, id } = (await cli('token', 'create', 'shop', '--scope', 'read', '--expires', '90d')) as never);
    server = await startServe([], options());
  });
  after(() => server.stop('SIGKILL'));

  it('serves what production gets to who has a token, and the pages of the library to everybody', async () => {
    assert.equal(await versionNow(), '1.0');
    assert.equal(await statusOf('/v1/get/support/triage', {}), 401);
    const page = await fetch(server.url);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type')!, /^text\/html/);
    assert.match(page.headers.get('content-security-policy')!, /default-src 'none'/);
    assert.ok(!(await page.text()).includes('triage'));
  });

  it('serves what another process promoted or rolled back from the moment that it is done', async () => {
    const seen: { begun: number; version: string }[] = [];
    let reading = true;
    const readers = Array.from({ length: 4 }, async () => {
      while (reading) {
        const begun = performance.now();
        seen.push({ begun, version: await versionNow() });
      }
    });
    await cli('promote', 'support/triage@1.1');
    const promoted = performance.now();
    const readsSince = (from: number) => seen.filter(({ begun }) => begun > from).length;
    await until(() => readsSince(promoted) > 10);
    const cut = performance.now();
    await cli('rollback', 'support/triage', '--to', '1.0', '--reason', 'Worse answers');
    const rolledBack = performance.now();
    await until(() => readsSince(rolledBack) > 10);
    reading = false;
    await Promise.all(readers);
    const between = (from: number, to: number) =>
      new Set(seen.filter(({ begun }) => begun > from && begun < to).map(({ version }) => version));
    assert.deepEqual([...between(promoted, cut)], ['1.1']);
    assert.deepEqual([...between(rolledBack, Number.POSITIVE_INFINITY)], ['1.2']);
    assert.ok(seen.length > 20, `${seen.length} reads`);
    // Nobody goes back to what was before.
    const order = ['1.0', '1.1', '1.2'];
    const sorted = [...seen].sort((a, b) => a.begun - b.begun);
    const firstOf = (version: string) => sorted.find((one) => one.version === version)?.begun ?? 0;
    assert.deepEqual(
      order.map(firstOf),
      order.map(firstOf).sort((a, b) => a - b),
    );
  });

  it('tells followers of what another process did within half a second', async () => {
    const controller = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const stream = await fetch(`${server.url}/v1/changes`, { headers, signal: controller.signal });
    let told = '';
    let at = 0;
    const reading = (async () => {
      for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
        told += chunk;
        if (told.includes('prompt.tagged')) at ||= performance.now();
      }
    })().catch(() => undefined);
    await cli('tag', 'support/triage', '--add', 'told');
    const done = performance.now();
    await until(() => at > 0);
    controller.abort();
    await reading;
    assert.ok(at > 0 && at - done < 500, `${at - done} ms`);
  });

  it('holds a thousand connections at once without an error', async function () {
    this.timeout(20_000);
    const agent = new Agent({ keepAlive: true, maxSockets: 1000, maxFreeSockets: 1000 });
    const sockets = new Set<unknown>();
    const ask = () =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` };
        httpGet(`${server.url}/v1/get/support/triage`, { agent, headers }, (answer) => {
          sockets.add(answer.socket);
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
        }).on('error', reject);
      });
    for (let round = 0; round < 2; round += 1) {
      const statuses = await Promise.all(Array.from({ length: 1000 }, ask));
      assert.deepEqual([...new Set(statuses)], [200]);
    }
    assert.equal(sockets.size, 1000);
    agent.destroy();
  });

  it('refuses a token half a second after another process revoked it', async () => {
    const other = (await cli('token', 'create', 'old')) as { token: string; id: string };
    const asked = () => statusOf('/v1/get/support/triage', { authorization: `Bearer ${other.token}` });
    assert.equal(await asked(), 200);
    await cli('token', 'revoke', other.id);
    await wait(500);
    assert.equal(await asked(), 401);
    const { tokens } = (await cli('token', 'list')) as {
      tokens: { id: string; revokedAt: string | null; lastUsedAt: string }[];
    };
    assert.deepEqual(
      tokens.map((one) => [one.id, one.revokedAt !== null]),
      [
        [other.id, true],
        [id, false],
      ],
    );
    assert.ok(tokens[1]!.lastUsedAt);
  });

  it('ends when it is told to, and has written down who asked what but no text, value or token', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ values: { mail: 'A very private mail' } });
    const rendered = await fetch(`${server.url}/v1/render/support/triage`, { method: 'POST', headers, body });
    assert.match(await rendered.text(), /A very private mail/);
    await fetch(`${server.url}/v1/prompts?search=private`, { headers });
    assert.equal(await server.stop(), 0);
    const log = server.stderr();
    const lines = log.split('\n').filter((line) => line.startsWith('{'));
    assert.ok(lines.length > 2000);
    const last = JSON.parse(lines.at(-1)!) as Record<string, unknown>;
    assert.deepEqual([last.method, last.path, last.status, last.token], ['GET', '/v1/prompts', 200, id]);
    assert.doesNotMatch(log, /carefully|private/);
    const secret = token.split('_')[2]!;
    assert.ok(!log.includes(secret));
    for (const file of ['.promptvault/vault.db', 'state/tokens.json']) {
      assert.ok(!readFileSync(join(folder.path(), file)).includes(secret), file);
    }
  });

  it('does not listen elsewhere in the clear, nor with half of what it needs', async () => {
    const calls = [
      ['--listen', '0.0.0.0'],
      ['--tls-cert', 'cert.pem'],
      ['--jwks', 'https://id.example.com/keys'],
      ['--jwks', 'http://id.example.com/keys', '--issuer', 'a', '--audience', 'b'],
      ['--port', '70000'],
    ].map(async (args) => {
      const { exit, stdout } = await runCli(['serve', '--port', '0', ...args, '--json'], options());
      assert.equal(exit, 2, args.join(' '));
      assert.equal(JSON.parse(stdout).error.code, 'USAGE');
    });
    await Promise.all(calls);
  });

  it('serves elsewhere with a certificate, to the names in it', async function () {
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const named = [
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-subj',
      '/CN=x',
      '-addext',
      'subjectAltName=DNS:localhost,DNS:prompts.test',
    ];
    const openssl = await run('openssl', [...made, ...named], { cwd: folder.path() }).catch(() => null);
    if (!openssl) return this.skip();
    const place = ['--listen', '0.0.0.0', '--tls-cert', 'cert.pem', '--tls-key', 'key.pem'];
    const secure = await startServe(place, options());
    const ca = readFileSync(join(folder.path(), 'cert.pem'));
    const { port } = new URL(secure.url);
    const ask = (host: string) =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}`, host };
        httpsGet(
          {
            host: '127.0.0.1',
            servername: 'localhost',
            port,
            path: '/v1/get/support/triage',
            ca,
            headers,
            agent: false,
          },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          },
        ).on('error', reject);
      });
    assert.equal(secure.url, `https://localhost:${port}`);
    assert.deepEqual(
      await Promise.all([`localhost:${port}`, `prompts.test:${port}`, `evil.test:${port}`].map(ask)),
      [200, 200, 421],
    );
    assert.equal(await secure.stop('SIGINT'), 0);
  });
});
