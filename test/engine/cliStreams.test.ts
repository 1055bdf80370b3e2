import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunInfo } from '../../src/lab/types.ts';
import { cliModule, finished, jsonOf, runCli, startCli, temporaryFolder } from '../support/cliProcess.ts';
import { type ServedRequest, startModelServer } from '../support/modelServer.ts';

/** Verbs a person calls: what stdout must show. Nothing of it is JSON, and stderr is empty unless told. */
const shown: { args: string[]; stdin?: string; stdout: RegExp; stderr?: RegExp; exit?: number }[] = [
  { args: ['init'], stdout: /^Made the vault .*vault\.db\nNext: / },
  { args: ['init'], stdout: /^There is a vault already/ },
  {
    args: ['new', 'a/b', '--title', 'Über'],
    stdin: 'Hi {{name}}, {{ odd thing }}',
    stdout: /^Made a\/b v1\.0 \(DEV, revision 1\)\n$/,
  },
  { args: ['edit', 'a/b'], stdin: 'Ho {{name}}, {{ odd thing }}', stdout: /^Saved a\/b v1\.0 \(DEV, revision 2\)\n$/ },
  { args: ['list', '--search', 'zebra "no such"', '--tag', 'x'], stdout: /^Nothing has all of .*\. Leave out --tag,/ },
  { args: ['list', '--stage', 'RET'], stdout: /^No prompt fits\. Leave out --stage, / },
  { args: ['list', '--offset', '9'], stdout: /^1 prompt found, none on this page: / },
  {
    args: ['import', 'in', '--dry-run'],
    stdout:
      /^\+ one\nNothing was changed\. It would be 1 prompt: 1 created, 0 updated, 0 unchanged; 1 other entry skipped\n$/,
    stderr: /^skipped .*README\.md: /,
  },
  { args: ['list'], stdout: /^PROMPT +TITLE .*\na\/b +Über / },
  { args: ['show', 'a/b'], stdout: /version +v1\.0 DEV revision 2\n[\s\S]*\[user\]\nHo \{\{name\}\}/ },
  {
    args: ['render', 'a/b', '--var', 'name=Ada'],
    stdout: /^\[user\]\nHo Ada, \{\{ odd thing \}\}\n$/,
    stderr: /odd thing/,
  },
  { args: ['version', 'a/b'], stdout: /^Made a\/b v1\.1 \(DEV, revision 1\) from v1\.0\n$/ },
  { args: ['diff', 'a/b@1.0', 'a/b@1.1'], stdout: /^The two say the same\.\n$/ },
  { args: ['promote', 'a/b@1.0'], stdout: /^Promoted a\/b v1\.0 \(TST, revision 2\), from DEV\n$/ },
  {
    args: ['history', 'a/b'],
    stdout: /^VERSION +STAGE[\s\S]* \d{4}-\d\d-\d\d \d\d:\d\d:\d\d +version\.promoted +v1\.0 +Ada <ada@example\.org>/,
  },
  { args: ['tag', 'a/b', '--add', 'x'], stdout: /^Tags of a\/b: x\n$/ },
  { args: ['move', 'a/b', 'c'], stdout: /^Moved a\/b to c\n$/ },
  { args: ['delete', 'c@1.1', '--yes'], stdout: /^Deleted c v1\.1\n$/ },
  { args: ['models'], stdout: /echo:echo +ready/ },
  { args: ['verify'], stdout: /^Everything is as it was written: 1 prompt, / },
  { args: ['sync', '--url', 'http://127.0.0.1:1', '--dry-run'], stdout: /0 prompts would be sent/ },
  {
    args: ['test', 'c', '--model', 'echo:echo', '--cases', 'cases.csv'],
    stdout: /c@1\.0 +echo:echo +1\/1 +100 %/,
    stderr: /1 of 1 cells/,
  },
  { args: ['get', 'c'], stdout: /^$/, stderr: /^promptvault: /, exit: 4 },
  { args: ['get', 'gone'], stdout: /^$/, stderr: /^promptvault: .* "promptvault list" shows all\n$/, exit: 4 },
  { args: ['token', 'create', 'shop'], stdout: /^pv_\S+\n$/, stderr: /the only time/ },
  { args: ['token', 'revoke', 'abc'], stdout: /^$/, stderr: /\n.*promptvault token list\n$/, exit: 4 },
  { args: ['sync', 'nowhere'], stdout: /^$/, stderr: /\n.*promptvault sync status\n$/, exit: 4 },
  { args: ['webhook'], stdout: /^$/, stderr: /\n.*promptvault webhook --help\n$/, exit: 2 },
  { args: ['--version'], stdout: /^\d+\.\d+\.\d+\n$/ },
  { args: ['--help'], stdout: /The main journey:/ },
  { args: ['help', 'edit'], stdout: /last user message[\s\S]*Examples:\n {2}promptvault edit/ },
  { args: [], stdout: /^$/, stderr: /The main journey:/, exit: 2 },
];

describe('what the command line prints', () => {
  const folder = temporaryFolder();
  const options = (stdin = '') => ({ cwd: folder.path(), stdin });
  before(() => {
    writeFileSync(join(folder.path(), 'cases.csv'), 'name\nAda\n');
    mkdirSync(join(folder.path(), 'in'));
    writeFileSync(join(folder.path(), 'in', 'one.md'), 'One');
    writeFileSync(join(folder.path(), 'in', 'README.md'), 'About');
  });

  for (const { args, stdin, stdout, stderr = /^$/, exit = 0 } of shown) {
    it(`promptvault ${args.join(' ')}: results on stdout, the rest on stderr`, async () => {
      const result = await runCli(args, options(stdin));
      assert.equal(result.exit, exit, result.stderr);
      assert.match(result.stdout, stdout);
      assert.match(result.stderr, stderr);
    });
  }

  it('runs from its sources too', async () => {
    const source = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url));
    const child = spawn(process.execPath, [source, 'list', '--json'], { cwd: folder.path() });
    const { exit, stdout } = await finished(child);
    assert.deepEqual([exit, stdout], [0, (await runCli(['list', '--json'], options())).stdout]);
  });

  it('says of a refused change which command helps', async () => {
    const at = { cwd: join(folder.path(), 'refused') };
    mkdirSync(at.cwd);
    await jsonOf(['init'], at);
    await jsonOf(['new', 'a/b'], { ...at, stdin: 'Hi' });
    for (let step = 0; step < 2; step++) await jsonOf(['promote', 'a/b'], at);
    const next = async (args: string[], stdin = '') => (await runCli(args, { ...at, stdin })).stderr.split('\n')[1];
    assert.match((await next(['edit', 'a/b'], 'Ho')) ?? '', /promptvault version a\/b@1\.0$/);
    assert.match((await next(['promote', 'a/b@PRD'])) ?? '', /promptvault version a\/b@1\.0$/);
    assert.match((await next(['delete', 'a/b', '--yes'])) ?? '', /promptvault history a\/b$/);
  });

  it('takes --vault, --json and --actor before and after the verb', async () => {
    const vault = join(folder.path(), '.promptvault', 'vault.db');
    const before = await runCli(['--vault', vault, '--json', '--actor', 'Eve', 'version', 'c'], { cwd: '/' });
    assert.equal((JSON.parse(before.stdout) as { createdBy: string }).createdBy, 'Eve');
    const after = await runCli(['version', 'c', '--vault', vault, '--json', '--actor', 'Eve'], { cwd: '/' });
    assert.equal((JSON.parse(after.stdout) as { createdBy: string }).createdBy, 'Eve');
  });

  it('shows what could command a terminal or hide words instead of sending it, and JSON keeps it', async () => {
    const nasty = 'a\u001b]0;owned\u0007b\u001b[31mc\u202Ed\u200Be\r\nf';
    await jsonOf(['new', 'nasty'], options(nasty));
    const human = await runCli(['show', 'nasty'], options());
    for (const letter of ['\u001b', '\u0007', '\u202e', '\u200b', '\r']) assert.ok(!human.stdout.includes(letter));
    assert.match(human.stdout, /a\\u\{1b\}\]0;owned/);
    const { messages } = await jsonOf<{ messages: { content: string }[] }>(['show', 'nasty'], options());
    assert.equal(messages[0]?.content, nasty);
  });

  it('ends quietly when its reader goes away', async () => {
    const large = Array.from({ length: 20_000 }, (_, n) => `line ${n}`).join('\n');
    await jsonOf(['new', 'large'], options(large));
    const command = `"${process.execPath}" "${cliModule}" show large | head -1`;
    const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
      cwd: folder.path(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stderr, exit } = await finished(child);
    assert.deepEqual([stderr, exit], ['', 0]);
  });

  it('Ctrl+C cancels a run: the connection closes, what was answered is kept, exit 130', async () => {
    const reached = Promise.withResolvers<ServedRequest>();
    const server = await startModelServer({
      fault: (request) => {
        reached.resolve(request);
        return { kind: 'stall', after: 1 };
      },
    });
    const child = startCli(['test', 'c@1.0', '--model', 'compatible:m', '--cases', 'cases.csv', '--json'], {
      ...options(),
      env: { PROMPTVAULT_COMPATIBLE_URL: server.url },
    });
    const ended = finished(child);
    const { closed } = await reached.promise;
    child.kill('SIGINT');
    assert.equal(await closed, 'early');
    const { exit, stdout } = await ended;
    assert.equal(exit, 130);
    const { error } = JSON.parse(stdout) as { error: { code: string; details: { runId: string } } };
    assert.equal(error.code, 'CANCELLED');
    const { openEngine } = await import('../../src/engine/openEngine.ts');
    const { environmentHost } = await import('../../src/engine/environmentHost.ts');
    const vault = join(folder.path(), '.promptvault', 'vault.db');
    const engine = await openEngine(vault, { actor: 'x', mode: 'read', host: environmentHost({}) });
    const kept: RunInfo = (await engine.showRun({ runId: error.details.runId })).run;
    assert.equal(kept.status, 'cancelled');
    await engine.close();
    await server.close();
    assert.equal(child.exitCode, 130);
  });

  it('names the writer after git, and after nobody’s environment when there is none', async () => {
    const git = spawn('git', ['init', '-q', '.'], { cwd: folder.path() });
    await once(git, 'close');
    for (const [key, value] of [
      ['user.name', 'Grace Hopper'],
      ['user.email', 'grace@example.org'],
    ]) {
      await once(spawn('git', ['config', key!, value!], { cwd: folder.path() }), 'close');
    }
    const made = await jsonOf<{ createdBy: string }>(['version', 'c'], {
      ...options(),
      env: { PROMPTVAULT_ACTOR: '' },
    });
    assert.equal(made.createdBy, 'Grace Hopper <grace@example.org>');
  });
});
