import assert from 'node:assert/strict';
import { evidenceOf } from '../../../src/lab/evidence.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

describe('the evidence for a prompt', () => {
  let test: LabTest;
  let ref: string;
  const path = 'a/b';
  const cases = casesOf('q', ['good', 'bad', 'good too']);
  const checks = [{ type: 'contains', value: 'good' } as const];
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt }) => ({ text: prompt }) });
    ref = test.prompt(path, 'Say {{q}}');
  });
  afterEach(() => test.end());
  const run = async (refs = [ref]) => {
    const { id } = await test.lab.startRun({ refs, models: [models.openai], cases, checks });
    return (await test.lab.waitForRun({ runId: id })).run;
  };
  const evidence = () => evidenceOf(test.vault.database, { path });

  it('is what the newest run said of each content', async () => {
    assert.deepEqual(evidence(), []);
    await run();
    const { id: runId, finishedAt: at } = await run();
    const { hash } = test.vault.show({ ref });
    assert.deepEqual(evidence(), [{ hash, runId, at, passed: 2, failed: 1, errors: 0, cells: 3 }]);
  });

  it('stays with a content, whatever becomes of the version', async () => {
    await run();
    const [before] = evidence();
    test.vault.edit({ ref, messages: [{ role: 'user', content: 'Whisper {{q}}' }] });
    assert.deepEqual(evidence(), []);
    test.vault.restoreRevision({ ref, revision: 1 });
    test.vault.move({ path, to: 'c/d' });
    assert.deepEqual(evidenceOf(test.vault.database, { path: 'c/d' }), [before]);
  });

  it('counts a person’s mark above the checks', async () => {
    await run();
    test.vault.database.writeUnlogged((tx) =>
      tx
        .prepare(
          `INSERT INTO marks (run_seq, idx, mark, at, actor) VALUES (1, 1, 'pass', '', ''), (1, 0, NULL, '', '')`,
        )
        .run(),
    );
    const [{ passed, failed } = { passed: 0, failed: 0 }] = evidence();
    assert.deepEqual([passed, failed], [3, 0]);
  });

  it('leaves a run out that was cut short', async () => {
    const whole = await run();
    await run();
    test.vault.database.writeUnlogged((tx) =>
      tx.prepare(`UPDATE runs SET status = 'cancelled', stop_reason = 'cancelled' WHERE seq = 2`).run(),
    );
    assert.equal(evidence()[0]?.runId, whole.id);
  });

  it('is NOT_FOUND for no prompt', () => {
    assert.throws(() => evidenceOf(test.vault.database, { path: 'no/such' }), { code: 'NOT_FOUND' });
  });
});
