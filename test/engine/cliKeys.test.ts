import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliResult, finished, startCli, temporaryFolder } from '../support/cliProcess.ts';
import { type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';

const canaries = {
  OPENAI_API_KEY: 'sk-canary-openai-4711',
  ANTHROPIC_API_KEY: 'sk-ant-canary-4712',
  GEMINI_API_KEY: 'canary-gemini-4713',
  PROMPTVAULT_COMPATIBLE_KEY: 'canary-compatible-4714',
  PROMPTVAULT_SYNC_TOKEN: 'canary-token-4715',
};

/** Whatever is called with keys around, and however it fails: the keys reach the servers and nothing else. */
describe('keys given to the command line', () => {
  const folder = temporaryFolder();
  const results: { args: string[]; result: CliResult }[] = [];
  let server: ModelServer;
  let refusing: ModelServer;
  let endpoint: EndpointServer;

  before(async function () {
    this.timeout(60_000);
    server = await startModelServer();
    // Both quote what they were sent, as some vendors do.
    refusing = await startModelServer({ fault: () => ({ kind: 'status', status: 401 }) });
    endpoint = await openEndpointServer(({ headers }, response) => {
      response.writeHead(403).end(`${headers.authorization} may not write here`);
    });
    const call = async (args: string[], url = server.url) => {
      const bases = ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL', 'GEMINI_BASE_URL', 'PROMPTVAULT_COMPATIBLE_URL'];
      const env = { ...canaries, PROMPTVAULT_DEBUG: '1', ...Object.fromEntries(bases.map((name) => [name, url])) };
      const result = await finished(startCli(args, { cwd: folder.path(), env, stdin: 'Hello' }));
      results.push({ args, result });
    };
    const models = ['openai:m', 'anthropic:m', 'google:m', 'compatible:m'].flatMap((name) => ['--model', name]);
    await call(['init']);
    await call(['new', 'a/b']);
    await call(['models']);
    await call(['test', 'a/b', ...models, '--junit', 'good.xml', '--html', 'good.html']);
    await call(['test', 'a/b', ...models, '--no-cache', '--junit', 'bad.xml', '--html', 'bad.html'], refusing.url);
    await call(['test', 'a/b', ...models, '--no-cache', '--json'], refusing.url);
    await call(['promote', 'a/b']);
    await call(['promote', 'a/b']);
    await call(['sync', '--url', endpoint.url, '--json']);
    await call(['sync', '--url', `${endpoint.url}/{path}`]);
    await call(['history', 'a/b', '--json']);
    await call(['test', 'a/b', '--model', 'openai']);
  });
  after(() => Promise.all([server.close(), refusing.close(), endpoint.close()]));

  it('reach the servers', () => {
    assert.deepEqual(
      results.map(({ result }) => result.exit),
      [0, 0, 0, 0, 100, 100, 0, 0, 1, 1, 0, 2],
      JSON.stringify(results.map(({ result }) => result.stderr)),
    );
    const asked = JSON.stringify(server.requests.map(({ headers }) => headers));
    for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY'] as const) {
      assert.ok(asked.includes(canaries[name]), name);
    }
    const tokens = endpoint.received.map(({ headers }) => headers.authorization);
    assert.deepEqual(new Set(tokens), new Set([`Bearer ${canaries.PROMPTVAULT_SYNC_TOKEN}`]));
  });

  it('are in nothing that is printed', () => {
    for (const { args, result } of results) {
      for (const [name, key] of Object.entries(canaries)) {
        assert.ok(!`${result.stdout}${result.stderr}`.includes(key), `${name} in what "${args.join(' ')}" prints`);
      }
    }
  });

  it('are in no file: not in the vault, not in a report', () => {
    const files = readdirSync(folder.path(), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const names = files.map(({ name }) => name);
    for (const name of ['vault.db', 'good.xml', 'bad.xml', 'good.html', 'bad.html']) assert.ok(names.includes(name));
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name));
      for (const [variable, key] of Object.entries(canaries)) assert.ok(!bytes.includes(key), `${variable} in ${name}`);
    }
  });
});
