import assert from 'node:assert/strict';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

/** Seven versions; from the fifth on the prompt says what the check forbids. */
const texts = ['a', 'b', 'c', 'd', 'e bad', 'f bad', 'g bad'];

describe('from a failing row to the version that broke it', () => {
  let test: LabTest;
  let versions: string[];
  let failing: { path: string; runId: string; index: number };
  const cases = casesOf('q', ['one'], [{ type: 'contains', value: 'bad', not: true }]);
  const run = async (version: string) => {
    const { id } = await test.lab.startRun({ refs: [`p/q@${version}`], models: [models.openai], cases });
    return test.lab.waitForRun({ runId: id });
  };
  beforeEach(async () => {
    test = await startLabTest({ reply: ({ prompt }) => prompt });
    let ref = test.prompt('p/q', `${texts[0]} {{q}}`);
    versions = ['1.0'];
    for (const text of texts.slice(1)) {
      const { version } = test.vault.createVersion({ ref });
      ref = `p/q@${version}`;
      test.vault.edit({ ref, messages: [{ role: 'user', content: `${text} {{q}}` }] });
      versions.push(version);
    }
    const { run: last } = await run(versions.at(-1)!);
    failing = { path: 'p/q', runId: last.id, index: 0 };
  });
  afterEach(() => test.end());

  it('reads stored outputs first and calls nobody unless it may', async () => {
    for (const version of versions.slice(0, 6)) await run(version);
    const calls = test.server.requests.length;
    const { steps, culprit, unknown } = await test.lab.bisect(failing);
    assert.deepEqual([culprit, unknown], [versions[4], []]);
    assert.deepEqual(
      steps.map(({ version, status, source }) => [version, status, source]),
      versions.map((version, index) => [version, index < 4 ? 'pass' : 'fail', 'stored']),
    );
    assert.equal(test.server.requests.length, calls);
  });

  it('says what it does not know, and with leave asks only half of the half', async () => {
    await run(versions[0]!);
    const calls = test.server.requests.length;
    const open = await test.lab.bisect(failing);
    assert.deepEqual([open.culprit, open.unknown], [null, versions.slice(1, 6)]);
    assert.equal(test.server.requests.length, calls);
    const found = await test.lab.bisect({ ...failing, allowCalls: true });
    assert.equal(found.culprit, versions[4]);
    assert.ok(found.steps.some(({ source }) => source === 'called'));
    assert.ok(test.server.requests.length - calls <= 3, `${test.server.requests.length - calls} calls for 5 versions`);
    const again = test.server.requests.length;
    assert.equal((await test.lab.bisect({ ...failing, allowCalls: true })).culprit, versions[4]);
    assert.equal(test.server.requests.length, again, 'answers are kept');
  });

  it('names nobody when it never passed', async () => {
    const always = casesOf('q', ['one'], [{ type: 'contains', value: 'never said' }]);
    const { id } = await test.lab.startRun({
      refs: versions.map((version) => `p/q@${version}`),
      ...{ models: [models.openai], cases: always },
    });
    await test.lab.waitForRun({ runId: id });
    const { culprit, unknown, steps } = await test.lab.bisect({ path: 'p/q', runId: id, index: 6 });
    assert.deepEqual([culprit, unknown, steps.length], [null, [], 7]);
  });

  it('begins at a cell that fails', async () => {
    const { run: fine } = await run(versions[0]!);
    await assert.rejects(test.lab.bisect({ ...failing, runId: fine.id }), { code: 'RULE' });
  });
});
