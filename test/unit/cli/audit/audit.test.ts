// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { AuditReport } from '../../../../src/cli/audit/auditTypes.ts';
import { runCli } from '../../../../src/cli/runCli.ts';
import { openVault } from '../../../../src/vault/vault.ts';
import { useFileTree } from '../../../support/fileTree.ts';
import { createReleased, testActor, userMessage } from '../../../support/vaultBuilders.ts';

const app = `import { vault } from './vault';
// promptvault: legal/nda
export const triage = (message) => vault.get('support/triage', { variables: { message } });
const old = vault.get('support/triage@1.0', { variables: { message, tone: 'dry' } });
const gone = vault.get('support/gone');
const system = 'You are a poet. Answer in rhymes only. <mail>&';
`;
const ci = 'steps:\n  - run: promptvault get support/triage@^2 --var message=hi --var tome=x\n';

describe('promptvault audit', () => {
  const tree = useFileTree();

  beforeEach(async () => {
    const vault = openVault(join(tree.folder, '.promptvault/vault.db'), { actor: testActor, mode: 'create' });
    const path = 'support/triage';
    const mail = [userMessage('Sort {{message}}.')];
    createReleased(vault, { path, messages: mail, variables: [{ name: 'message' }] });
    const second = vault.createVersion({ ref: `${path}@1.0`, major: true });
    vault.promote({ ref: `${path}@${second.version}` });
    vault.promote({ ref: `${path}@${second.version}` });
    const third = vault.createVersion({ ref: `${path}@2.0` });
    vault.edit({ ref: `${path}@${third.version}`, messages: [userMessage('Sort {{message}} in {{language}}.')] });
    vault.promote({ ref: `${path}@${third.version}` });
    vault.create({ path: 'legal/nda', messages: [userMessage('Read.')] });
    vault.close();
    await tree.write({ 'product/src/app.ts': app, 'product/ci.yml': ci });
  });

  async function run(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = [new PassThrough().setEncoding('utf8'), new PassThrough().setEncoding('utf8')];
    const io = { stdin: new PassThrough(), stdout, stderr, env: { ...process.env }, cwd: tree.folder };
    const exit = await runCli(args, io, new AbortController().signal);
    return { exit, stdout: stdout.read() ?? '', stderr: stderr.read() ?? '' };
  }

  async function report(...args: string[]): Promise<AuditReport & { exit: number }> {
    const { exit, stdout } = await run('audit', ...args, '--json');
    return { ...(JSON.parse(stdout) as AuditReport), exit };
  }

  it('lists every use with its place, version, stage and hash', async () => {
    const { uses, files, exit } = await report('product');
    const hash = /^sha256:[0-9a-f]{64}$/;
    assert.deepEqual(
      uses.map((use) => [
        `${use.file}:${use.line}:${use.column}`,
        use.path,
        use.selector,
        use.version,
        use.stage,
        use.kind,
      ]),
      [
        ['product/ci.yml:2:26', 'support/triage', '^2', '2.0', 'PRD', 'call'],
        ['product/src/app.ts:2:17', 'legal/nda', null, null, null, 'comment'],
        ['product/src/app.ts:3:47', 'support/triage', null, '2.0', 'PRD', 'call'],
        ['product/src/app.ts:4:24', 'support/triage', '1.0', '1.0', 'RET', 'call'],
        ['product/src/app.ts:5:25', 'support/gone', null, null, null, 'call'],
      ],
    );
    assert.deepEqual(
      uses.map((use) => hash.test(use.hash ?? '')),
      [true, false, true, true, false],
    );
    assert.deepEqual(uses[0]!.variables, ['message', 'tome']);
    assert.equal(files, 2);
    assert.equal(exit, 100);
  });

  it('tells what is wrong with the calls, and likely prompts', async () => {
    const { problems, literals } = await report('product');
    assert.deepEqual(
      problems.map(({ file, line, code, severity, variable }) => [`${file}:${line}`, code, severity, variable]),
      [
        ['product/ci.yml:2', 'unknown-variable', 'error', 'tome'],
        ['product/src/app.ts:2', 'no-prd', 'warning', null],
        ['product/src/app.ts:4', 'retired', 'warning', null],
        ['product/src/app.ts:4', 'unknown-variable', 'error', 'tone'],
        ['product/src/app.ts:5', 'unknown', 'error', null],
      ],
    );
    assert.deepEqual(
      literals.map(({ file, line, text }) => [file, line, text]),
      [['product/src/app.ts', 6, 'You are a poet. Answer in rhymes only. <mail>&']],
    );
  });

  it('tells which calls would break if a version went to production', async () => {
    await tree.write({
      'good/app.py': 'vault.get("support/triage", {"message": m})\nvault.get("support/triage@2.0", {"message": m})\n',
    });
    const now = await report('good');
    assert.deepEqual([now.exit, now.problems, now.contract], [0, [], null]);
    for (const contract of [['--contract', 'support/triage'], ['--contract', 'support/triage@2.1'], ['--contract']]) {
      const { exit, contract: told, problems } = await report('good', ...contract);
      assert.deepEqual(told?.versions, ['support/triage@2.1']);
      assert.deepEqual(
        told?.breaks.map(({ file, line, code, variable }) => [`${file}:${line}`, code, variable]),
        [['good/app.py:1', 'missing-variable', 'language']],
      );
      assert.deepEqual([exit, problems], [100, []]);
    }
    assert.equal((await report('good', '--contract', '--fail-on', 'none')).exit, 0);
  });

  it('refuses a version that is in production already, and one that is not there', async () => {
    assert.equal((await run('audit', 'product', '--contract', 'support/triage@2.0')).exit, 2);
    assert.equal((await run('audit', 'product', '--contract', 'support/gone')).exit, 4);
  });

  it('fails on what it is told to fail on', async () => {
    await tree.write({
      'warned/app.ts': "vault.get('support/triage@1.0');",
      'fine/app.ts': "vault.get('support/triage');",
    });
    assert.deepEqual(
      [
        (await run('audit', 'warned')).exit,
        (await run('audit', 'warned', '--fail-on', 'warning')).exit,
        (await run('audit', 'product', '--fail-on', 'none')).exit,
        (await run('audit', 'fine', '--fail-on', 'warning')).exit,
        (await run('audit', 'fine', '--fail-on', 'everything')).exit,
        (await run('audit', 'nowhere')).exit,
      ],
      [0, 100, 0, 0, 2, 4],
    );
  });

  it('reads what git does not ignore, in a repository', async () => {
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: join(tree.folder, 'product'), stdio: 'pipe' });
    git('init', '-q');
    const call = "vault.get('support/triage');";
    await tree.write({
      'product/.gitignore': 'dist/\n*.gen.ts\n',
      'product/dist/app.js': call,
      'product/src/a.gen.ts': call,
      'product/node_modules/x/index.js': call,
      'product/src/new.ts': call,
    });
    const known = async (place: string) => [...new Set((await report(place)).uses.map(({ file }) => file))];
    assert.deepEqual(await known('product'), ['product/ci.yml', 'product/src/app.ts', 'product/src/new.ts']);
    assert.deepEqual(await known('product/dist'), ['product/dist/app.js']);
    assert.deepEqual(await known('product/src/a.gen.ts'), ['product/src/a.gen.ts']);
  });

  it('starts no program that a repository names', async () => {
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: join(tree.folder, 'product'), stdio: 'pipe' });
    git('init', '-q');
    const hook = join(tree.folder, 'hook.sh');
    await tree.write({ 'hook.sh': `#!/bin/sh\ntouch '${join(tree.folder, 'started')}'\n` });
    await chmod(hook, 0o755);
    git('config', 'core.fsmonitor', hook);
    assert.equal((await report('product')).files, 2);
    await assert.rejects(access(join(tree.folder, 'started')));
    git('ls-files', '--others');
    await access(join(tree.folder, 'started'));
  });

  it('leaves out what tools put there, links, and files that are large or no text', async () => {
    const call = "vault.get('support/triage');\n";
    await tree.write({
      'wild/node_modules/x/index.js': call,
      'wild/app.js': call,
      'wild/app.min.js': call,
      'wild/large.js': call + ' '.repeat(1_000_000),
      'wild/binary.js': `${call}\0`,
      'wild/readme.md': call,
    });
    execFileSync('ln', ['-s', '../product', join(tree.folder, 'wild/link')]);
    const { uses, skipped, files } = await report('wild', 'wild/app.js');
    assert.deepEqual(
      uses.map(({ file }) => file),
      ['wild/app.js'],
    );
    assert.deepEqual(skipped, ['wild/binary.js', 'wild/large.js']);
    assert.equal(files, 1);
  });

  it('writes SARIF that code scanning takes', async () => {
    const { exit } = await run('audit', 'product', '--format', 'sarif', '--out', 'out.sarif', '--contract');
    assert.equal(exit, 100);
    const log = JSON.parse(await readFile(join(tree.folder, 'out.sarif'), 'utf8'));
    assert.equal(log.version, '2.1.0');
    assert.match(log.$schema, /sarif-2\.1\.0\.json$/);
    const [{ tool, results, columnKind }] = log.runs;
    assert.equal(tool.driver.name, 'PromptVault');
    assert.equal(columnKind, 'utf16CodeUnits');
    const ids = tool.driver.rules.map(
      ({ id, shortDescription }: { id: string; shortDescription: { text: string } }) => {
        assert.ok(shortDescription.text);
        return id;
      },
    );
    assert.equal(new Set(ids).size, ids.length);
    const prints = new Set<string>();
    for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
      assert.equal(ids[ruleIndex], ruleId);
      assert.match(level, /^(?:error|warning|note)$/);
      assert.ok(message.text);
      const { artifactLocation, region } = locations[0].physicalLocation;
      assert.equal(artifactLocation.uriBaseId, '%SRCROOT%');
      assert.match(artifactLocation.uri, /^product\/(?:ci\.yml|src\/app\.ts)$/);
      for (const place of [region.startLine, region.startColumn, region.endLine])
        assert.ok(Number.isInteger(place) && place >= 1);
      assert.ok(region.endLine > region.startLine || region.endColumn > region.startColumn);
      prints.add(partialFingerprints['promptvault/v1']);
    }
    assert.equal(prints.size, results.length);
    assert.deepEqual(
      results.map(({ ruleId, level }: { ruleId: string; level: string }) => `${ruleId} ${level}`),
      [
        'unknown-variable error',
        'no-prd warning',
        'retired warning',
        'unknown-variable error',
        'unknown error',
        'would-break error',
        'would-break error',
        'hard-coded-prompt note',
      ],
    );
  });

  it('writes one page that loads nothing and in which code is text', async () => {
    await tree.write({ 'product/src/<img src=x>.ts': "vault.get('support/gone');" });
    const { stdout } = await run('audit', 'product', '--format', 'html');
    assert.match(
      stdout,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
    );
    assert.ok(stdout.includes('You are a poet. Answer in rhymes only. &lt;mail&gt;&amp;'));
    assert.ok(stdout.includes('&lt;img src=x&gt;.ts'));
    assert.doesNotMatch(stdout, /<(?:img|mail|script|link|iframe)\b|\b(?:src|href)="/);
  });

  it('prints a table, and its JSON with --format as with --json', async () => {
    const { stdout } = await run('audit', 'product');
    assert.match(stdout, /product\/src\/app\.ts:3:47 +support\/triage +- +v2\.0 +PRD +[0-9a-f]{12}\n/);
    assert.match(stdout, /5 uses of 3 prompts in 2 files: 3 errors, 2 warnings, 1 likely hard-coded prompt/);
    assert.deepEqual(
      JSON.parse((await run('audit', 'product', '--format', 'json')).stdout),
      JSON.parse((await run('audit', 'product', '--json')).stdout),
    );
  });

  it('finds nothing wrong in a folder without prompts', async () => {
    await tree.write({ 'empty/app.ts': 'export const one = 1;\n' });
    const { exit, uses, problems, literals } = await report('empty', '--contract');
    assert.deepEqual([exit, uses, problems, literals], [0, [], [], []]);
  });

  it('writes types into a file, and tells when it is not up to date', async () => {
    assert.equal((await run('types', '--out', 'prompts.ts')).exit, 0);
    const text = await readFile(join(tree.folder, 'prompts.ts'), 'utf8');
    assert.match(text, /'support\/triage': \{\n {4}message: PromptValue;\n {2}\};/);
    assert.match(text, /not in production/);
    assert.equal((await run('types', '--out', 'prompts.ts', '--check')).exit, 0);
    await tree.write({ 'prompts.ts': `${text}\n` });
    assert.equal((await run('types', '--out', 'prompts.ts', '--check')).exit, 1);
    const { stdout } = await run('types', '--language', 'python', '--folder', 'support');
    assert.match(stdout, /^SupportTriage = TypedDict\($/m);
    assert.doesNotMatch(stdout, /legal/);
    assert.equal((await run('types', '--language', 'cobol')).exit, 2);
    assert.equal((await run('types', '--check')).exit, 2);
  });
});
