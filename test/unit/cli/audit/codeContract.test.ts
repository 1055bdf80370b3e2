import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { codeContract, codeFolder } from '../../../../src/cli/audit/codeContract.ts';
import { runCli } from '../../../../src/cli/runCli.ts';
import { openVault } from '../../../../src/vault/vault.ts';
import { useFileTree } from '../../../support/fileTree.ts';
import { createReleased, testActor, userMessage } from '../../../support/vaultBuilders.ts';

const path = 'support/triage';
const app = `vault.get('${path}', { variables: { message } });
vault.get('${path}@1.0', { variables: { message } });
vault.get('support/other', { variables: { product } });
`;
const fitting = `vault.get("${path}", {"message": m, "product": p})\n`;
type Answer = {
  version?: string;
  stage?: string;
  contract?: { breaks: { file: string; line: number; variable: string }[] };
};

describe('a release that code does not fit', () => {
  const tree = useFileTree();

  beforeEach(async () => {
    const vault = openVault(join(tree.folder, '.promptvault/vault.db'), { actor: testActor, mode: 'create' });
    createReleased(vault, { path, messages: [userMessage('Sort {{message}}.')], variables: [{ name: 'message' }] });
    vault.createVersion({ ref: `${path}@1.0` });
    vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Sort {{message}} for {{product}}.')] });
    vault.promote({ ref: `${path}@1.1` });
    vault.close();
    await tree.write({ 'src/app.ts': app });
  });

  async function run(...args: string[]): Promise<Answer & { exit: number; stderr: string }> {
    const [stdout, stderr] = [new PassThrough().setEncoding('utf8'), new PassThrough().setEncoding('utf8')];
    const io = { stdin: new PassThrough(), stdout, stderr, env: { ...process.env }, cwd: tree.folder };
    const exit = await runCli([...args, '--json'], io, new AbortController().signal);
    return { ...(JSON.parse(stdout.read()) as Answer), exit, stderr: stderr.read() ?? '' };
  }
  const told = ({ contract }: Answer) => contract?.breaks.map(({ file, line, variable }) => [file, line, variable]);

  it('is done, and the places that break are told', async () => {
    const promoted = await run('promote', `${path}@1.1`);
    assert.deepEqual([promoted.exit, promoted.stage], [0, 'PRD']);
    assert.deepEqual(told(promoted), [['src/app.ts', 1, 'product']]);
    assert.match(promoted.stderr, /src\/app\.ts:1:12/);
  });

  it('is told for a rollback and its rehearsal as well', async () => {
    await run('promote', `${path}@1.1`);
    await tree.write({ 'src/app.ts': fitting.replaceAll('"', "'") });
    const drill = await run('rollback', path, '--to', 'v1.0', '--drill');
    assert.deepEqual([drill.exit, told(drill)], [0, [['src/app.ts', 1, 'product']]]);
    const served = await run('rollback', path, '--to', 'v1.0', '--reason', 'Incident');
    assert.deepEqual([served.exit, served.stage, served.version], [0, 'PRD', '1.2']);
    assert.deepEqual(told(served), [['src/app.ts', 1, 'product']]);
  });

  it('is refused with --contract, and nothing has changed', async () => {
    const refused = await run('promote', `${path}@1.1`, '--contract');
    assert.deepEqual([refused.exit, refused.stage, told(refused)], [100, 'TST', [['src/app.ts', 1, 'product']]]);
    assert.equal((await run('show', `${path}@1.1`)).stage, 'TST');
    await tree.write({ 'src/app.ts': '', 'src/app.py': fitting });
    assert.deepEqual([(await run('promote', `${path}@1.1`, '--contract')).exit], [0]);
    const back = await run('rollback', path, '--to', '1.0', '--reason', 'Incident', '--contract');
    assert.deepEqual([back.exit, told(back)], [100, [['src/app.py', 1, 'product']]]);
    assert.equal((await run('show', `${path}@PRD`)).version, '1.1');
    assert.equal((await run('rollback', path, '--to', '1.0', '--drill', '--contract')).exit, 100);
  });

  it('says nothing with --no-contract, nor where all fits', async () => {
    const silent = await run('promote', `${path}@1.1`, '--no-contract');
    assert.deepEqual([silent.exit, silent.contract, silent.stderr], [0, null, '']);
    await tree.write({ 'src/app.ts': `vault.get('${path}', { variables: { message } });\n` });
    const fits = await run('rollback', path, '--to', '1.0', '--reason', 'Incident');
    assert.deepEqual([fits.exit, told(fits), fits.stderr], [0, [], '']);
  });

  it('looks at the code around the vault, from any folder in it, and no longer than it may', async () => {
    const file = join(tree.folder, '.promptvault/vault.db');
    await mkdir(join(tree.folder, 'deep'));
    assert.equal(codeFolder(file, join(tree.folder, 'deep')), tree.folder);
    assert.equal(codeFolder(join(tree.folder, 'other/vault.db'), tree.folder), tree.folder);
    assert.equal(codeFolder(join(tree.folder, 'deep/.promptvault/vault.db'), tree.folder), tree.folder);
    await tree.write({ 'src/more.ts': app });
    const variables = [{ name: 'product' }];
    const release = { after: { versions: [{ version: '1.1', stage: 'PRD' as const, variables }] }, version: '1.1' };
    const request = { folder: tree.folder, cwd: join(tree.folder, 'deep'), path, release };
    const look = async (files: number, ms: number) => {
      const found = await codeContract(request, { files, ms }, new AbortController().signal);
      return [found.files, found.complete, found.breaks.map((one) => `${one.file}:${one.line} ${one.variable}`)];
    };
    const both = ['app', 'more'].flatMap((name) => [`../src/${name}.ts:1 product`, `../src/${name}.ts:1 message`]);
    assert.deepEqual(await look(Number.POSITIVE_INFINITY, 60_000), [2, true, both]);
    assert.deepEqual(await look(1, 60_000), [1, false, both.slice(0, 2)]);
    const [, complete] = await look(Number.POSITIVE_INFINITY, 0);
    assert.equal(complete, false);
  });
});
