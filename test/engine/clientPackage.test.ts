import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promptTypes } from '../../src/code/promptTypes.ts';
import type { PromptBundle } from '../../src/publish/bundleTypes.ts';
import { openVault, type Vault } from '../../src/vault/vault.ts';
import { cliEnvironment, cliModule, jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';
import { repository } from '../support/npmTool.ts';
import { type PromptServer, startPromptServer } from '../support/promptServer.ts';
import { createReleased, promoteToPrd, testActor, userMessage } from '../support/vaultBuilders.ts';

const run = promisify(execFile);
const path = 'support/triage';

const variables = [{ name: 'mail' }, { name: 'tone', default: 'kind' }];
const typedPrompt = { path, title: 'Triage', version: '1.0', stage: 'PRD', variables };
const useOfGenerated = `import { createClient } from 'promptvault/client';
import type { PromptVariables } from './promptTypes.mjs';
const client = createClient<PromptVariables>({ source: { bundle: {} } });
void client.get('${path}', { variables: { mail: 'x' } });
// @ts-expect-error no prompt has this path
void client.get('another/path');
// @ts-expect-error a variable is missing
void client.get('${path}', { variables: { tone: 'x' } });
// @ts-expect-error a variable nobody declared
void client.get('${path}', { variables: { mail: 'x', other: 'y' } });
`;

describe('promptvault/client as a package', () => {
  const folder = temporaryFolder();
  let vault: Vault;
  let server: PromptServer;
  let file: string;
  before(async () => {
    file = join(folder.path(), '.promptvault', 'vault.db');
    vault = openVault(file, { actor: testActor, mode: 'create' });
    createReleased(vault, { path, messages: [userMessage('Sort {{mail}}.')] });
    server = await startPromptServer(vault);
    await mkdir(join(folder.path(), 'node_modules'));
    await symlink(repository, join(folder.path(), 'node_modules/promptvault'), 'junction');
  });
  after(async () => {
    await server.close();
    vault.close();
  });

  async function runScript(code: string): Promise<unknown> {
    const script = join(folder.path(), 'application.mjs');
    await writeFile(script, `import { createClient } from 'promptvault/client';\n${code}`);
    const { stdout, stderr } = await run(process.execPath, [script], {
      cwd: folder.path(),
      env: cliEnvironment(),
      timeout: 10_000,
    });
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  }
  const sourceOf = () => `{ url: '${server.url}', token: '${server.token}' }`;

  it('lets the process end by itself, with a refresh under way and without being closed', async () => {
    const begun = performance.now();
    const found = await runScript(`
      const client = createClient({ source: ${sourceOf()}, ttlMs: 1 });
      await client.get('${path}');
      await new Promise((resolve) => setTimeout(resolve, 5));
      console.log(JSON.stringify(await client.get('${path}', { variables: { mail: 'Hi' } })));`);
    const values = { mail: 'Hi' };
    assert.deepEqual(found, { ...vault.get({ ref: path, values }), isFallback: false, stale: true });
    assert.ok(performance.now() - begun < 4000, 'the time limit of a request would be 5 s');
  });

  it('has the last good one after a restart while the server is away', async () => {
    const script = (source: string) => `
      const client = createClient({ source: ${source}, directory: 'kept' });
      const { version, stale } = await client.get('${path}');
      console.log(JSON.stringify([version, stale]));`;
    assert.deepEqual(await runScript(script(sourceOf())), ['1.0', false]);
    server.instead = (response) => response.socket?.destroy();
    assert.deepEqual(await runScript(script(sourceOf())), ['1.0', true]);
    server.instead = undefined;
  });

  it('asks a vault by the command, and passes on what it says', async () => {
    const command = JSON.stringify([process.execPath, cliModule]);
    const found = await runScript(`
      const client = createClient({ source: { vault: '${file}', command: ${command} }, timeoutMs: 20_000 });
      const missing = client.get('not/there').catch(({ code }) => code);
      const away = createClient({ source: { vault: '${file}', command: ['no-such-command'] } }).get('${path}').catch(({ code }) => code);
      console.log(JSON.stringify([await client.get('${path}', { range: '^1' }), await missing, await away]));`);
    const served = { ...vault.get({ ref: path }), isFallback: false, stale: false };
    assert.deepEqual(found, [served, 'NOT_FOUND', 'UNREACHABLE']);
  });

  it('fails with a trace that a person can read where nobody catches', async () => {
    const script = join(folder.path(), 'uncaught.mjs');
    const source = `{ url: '${server.url}', token: 'wrong' }`;
    const words = `import { createClient } from 'promptvault/client';\nawait createClient({ source: ${source} }).get('${path}');`;
    await writeFile(script, words);
    const { stderr } = await run(process.execPath, [script], { cwd: folder.path() }).catch((error) => error);
    assert.match(stderr, /^ClientError: /m);
    assert.ok(stderr.includes("code: 'UNAUTHORIZED'") && stderr.length < 3000, stderr);
  });

  it('runs where there is nothing of Node, and says what it cannot do there', async () => {
    const script = join(repository, 'test/support/bareRuntime.mjs');
    const client = join(repository, 'dist/client.mjs');
    const words = ['--experimental-vm-modules', '--no-warnings', script, client, server.url, server.token, path];
    const { stdout } = await run(process.execPath, words, { timeout: 10_000 });
    const values = { mail: 'Hi' };
    assert.deepEqual(JSON.parse(stdout), {
      served: { ...vault.get({ ref: path, values }), isFallback: false, stale: false },
      codes: ['UNSUPPORTED', 'UNSUPPORTED', 'UNSUPPORTED'],
    });
  });

  it('has types that need no other file and let no wrong path or variable through', async () => {
    const types = await readFile(join(repository, 'dist/client.d.mts'), 'utf8');
    assert.doesNotMatch(types, /\bfrom '|import\(/);
    const fixture = join(repository, 'test/fixtures/client/typedPrompts.mts');
    const files = {
      'typedPrompts.mts': await readFile(fixture, 'utf8'),
      'promptTypes.mts': promptTypes([typedPrompt], 'typescript'),
      'generated.mts': useOfGenerated,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path(), name), text);
    const options =
      '--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --target es2023 --lib es2024,dom --module nodenext'.split(
        ' ',
      );
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    // What is marked as wrong must be, or the compiler complains about the mark.
    const words = [compiler, ...options, '--types', '', ...Object.keys(files)];
    const { stdout } = await run(process.execPath, words, { cwd: folder.path() });
    assert.equal(stdout, '');
  });

  describe('and promptvault bundle', () => {
    const bundle = (...words: string[]) => runCli(['bundle', ...words], { cwd: folder.path() });

    it('writes the same bytes to a file as to stdout, which a client reads', async () => {
      const { stdout } = await bundle();
      const report = await jsonOf(['bundle', '--out', 'prompts.json'], { cwd: folder.path() });
      assert.equal(await readFile(join(folder.path(), 'prompts.json'), 'utf8'), stdout);
      assert.deepEqual(report, {
        file: join(folder.path(), 'prompts.json'),
        prompts: 1,
        versions: 1,
        bytes: Buffer.byteLength(stdout),
      });
      const found = await runScript(`
        const client = createClient({ source: { bundle: 'prompts.json' } });
        console.log(JSON.stringify((await client.get('${path}', { variables: { mail: 'Hi' } })).messages));`);
      assert.deepEqual(found, vault.get({ ref: path, values: { mail: 'Hi' } }).messages);
    });

    it('--check ends with 0 while the file is what the vault serves, and with 1 after a promote', async () => {
      const check = () => bundle('--out', 'prompts.json', '--check', '--json');
      assert.deepEqual([(await bundle('--out', 'prompts.json')).exit, (await check()).exit], [0, 0]);
      const before = await readFile(join(folder.path(), 'prompts.json'), 'utf8');
      vault.createVersion({ ref: path });
      promoteToPrd(vault, `${path}@1.1`);
      createReleased(vault, { path: 'new/one' });
      const { exit, stdout } = await check();
      const { same, missing, outdated, gone } = JSON.parse(stdout);
      assert.deepEqual([exit, same, missing, outdated, gone], [1, false, ['new/one'], [path], []]);
      assert.equal(await readFile(join(folder.path(), 'prompts.json'), 'utf8'), before);
      const inFolder = JSON.parse((await bundle('--folder', 'new')).stdout) as PromptBundle;
      assert.deepEqual(Object.keys(inFolder.prompts), ['new/one']);
    });

    it('says by its exit code what is wrong with its words or its file', async () => {
      assert.equal((await bundle('--check')).exit, 2);
      assert.equal((await bundle('--check', '--out', 'nowhere.json')).exit, 4);
      assert.equal((await bundle('--check', '--out', 'application.mjs')).exit, 1);
      assert.equal((await bundle('--out', 'no/such/folder.json')).exit, 1);
      const typo = await bundle('--folder', 'suport', '--out', 'typo.json');
      assert.deepEqual([typo.exit, existsSync(join(folder.path(), 'typo.json'))], [4, false]);
      assert.match(typo.stderr, /suport/);
      assert.equal((await bundle('--tag', 'none', '--check', '--out', 'prompts.json')).exit, 4);
    });
  });
});
