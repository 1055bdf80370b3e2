import assert from 'node:assert/strict';
import type { BlameResult, RollbackDrill } from '../../src/vault/types.ts';
import { jsonOf, runCli, temporaryFolder } from '../support/cliProcess.ts';

describe('what changed, who brought it and what a rollback would do, on the command line', () => {
  const folder = temporaryFolder();
  const path = 'support/triage';
  const text = async (args: string[], stdin = '') => {
    const { exit, stdout, stderr } = await runCli(args, { cwd: folder.path(), stdin });
    assert.deepEqual([exit, stderr], [0, '']);
    return stdout;
  };
  const json = <T>(args: string[]) => jsonOf<T>(args, { cwd: folder.path() });

  before(async function () {
    this.timeout(60_000);
    await text(['init']);
    await text(['new', path, '--rationale', 'first'], 'Sort this mail. Be kind.');
    for (const _ of ['TST', 'PRD']) await text(['promote', `${path}@1.0`]);
    await text(['version', `${path}@1.0`]);
    await text(['edit', path, '--rationale', 'Berlin asked'], 'Sort this mail. Answer {{name}} in German. Be kind.');
    for (const _ of ['TST', 'PRD']) await text(['promote', `${path}@1.1`]);
  });

  it('diff begins with what changed', async () => {
    const between = [`${path}@1.0`, `${path}@1.1`];
    assert.match(
      await text(['diff', ...between]),
      /^variable name added\nmessage 1 \(user\): 1 line added, 1 removed\n\n--- support\/triage@1\.0/,
    );
    assert.match(
      await text(['diff', ...between, '--words']),
      /^variable name added\nmessage 1 \(user\): 4 words added\n\n/,
    );
    const { summary } = await json<{ summary: string[] }>(['diff', ...between]);
    assert.deepEqual(summary, ['variable name added', 'message 1 (user): 1 line added, 1 removed']);
  });

  it('diff compares saved states of a draft', async () => {
    const [ref, same] = [`${path}@1.1`, /^The two say the same\.\n$/];
    assert.match(await text(['diff', ref, ref, '--from-revision', '1']), /^variable name added\n/);
    assert.match(await text(['diff', ref, ref, '--from-revision', '2', '--to-revision', '2']), same);
    assert.match(await text(['diff', `${path}@1.0`, ref, '--to-revision', '1']), same);
    const absent = await runCli(['diff', ref, ref, '--from-revision', '9'], { cwd: folder.path() });
    assert.equal(absent.exit, 4);
  });

  it('blame tells version, author and reason of each sentence', async () => {
    const shown = await text(['blame', `${path}@PRD`]);
    assert.match(shown, /^support\/triage v1\.1 \(PRD\), from v1\.0 → v1\.1\n\nBROUGHT BY +AT \(UTC\) +WHO +WHY\n/);
    assert.match(shown, /v1\.1 r2 +\d{4}-\d\d-\d\d \d\d:\d\d +Ada <ada@example\.org> +Berlin asked\n/);
    assert.match(
      shown,
      /\[user\]\nv1\.0 r1 {2}Sort this mail\.\nv1\.1 r2 {2}Answer \{\{name\}\} in German\.\nv1\.0 r1 {2}Be kind\./,
    );
    const blame = await json<BlameResult>(['blame', path]);
    assert.deepEqual(Object.keys(blame), ['path', 'version', 'stage', 'hash', 'chain', 'origins', 'messages']);
    const said = blame.messages.flatMap(({ sentences }) => sentences);
    assert.equal(said.map((one) => one.text).join(''), 'Sort this mail. Answer {{name}} in German. Be kind.');
    assert.deepEqual(
      said.map(({ origin }) => blame.origins[origin]?.version),
      ['1.0', '1.1', '1.0'],
    );
  });

  it('rollback --drill needs no reason, changes nothing and says how to do and undo it', async () => {
    const before = await json(['history', path]);
    const shown = await text(['rollback', path, '--to', '1.0', '--drill']);
    assert.match(shown, /on a copy; nothing was changed\.\n\nwould serve +v1\.2 with the content of v1\.0, sha256:/);
    assert.match(shown, /would retire +v1\.1\ntook +[\d.]+ ms: copy [\d.]+ ms, rollback [\d.]+ ms\n/);
    assert.match(
      shown,
      /for real +promptvault rollback support\/triage --to 1\.0 --reason "…"\nundo then +.*--to 1\.1 /,
    );
    assert.match(
      shown,
      /Production would change:\n {2}variable name removed\n {2}message 1 \(user\): 4 words removed\n$/,
    );
    const drill = await json<RollbackDrill>(['rollback', path, '--to', 'v1.0', '--drill']);
    assert.deepEqual([drill.to, drill.from, drill.served.version], ['1.0', '1.1', '1.2']);
    assert.deepEqual(await json(['history', path]), before);
    const refused = await runCli(['rollback', path, '--to', '1.1', '--drill'], { cwd: folder.path() });
    assert.deepEqual([refused.exit, refused.stdout], [3, '']);
  });

  it('rollback ends with how to undo it', async () => {
    const shown = await text(['rollback', path, '--to', '1.0', '--reason', 'incident']);
    assert.match(
      shown,
      /with the content of v1\.0\nUndo: promptvault rollback support\/triage --to 1\.1 --reason "…"\n$/,
    );
  });
});
