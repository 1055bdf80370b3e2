import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runCli } from '../support/cliProcess.ts';
import { type CountOrder, countOf, countText, countUpTo, engineCounter, type Tally } from '../support/countTogether.ts';
import { type TestEngine, type Workplace, workplace } from '../support/engineProcesses.ts';

const paths = ['a', 'b', 'c', 'd'];
const loop = fileURLToPath(new URL('../support/countByCli.ts', import.meta.url));

/** Eight processes count up the same four prompts: four engines and four that run the command line's code. */
describe('eight processes that edit the same prompts', () => {
  let place: Workplace;
  let engines: TestEngine[];
  beforeEach(async () => {
    place = workplace();
    engines = [await place.fork()];
    for (let n = 1; n < 4; n++) engines.push(await place.fork({ actor: `engine ${n}`, mode: 'write' }));
    for (const path of paths) {
      await engines[0]!.create({ path, messages: [{ role: 'user', content: countText(0) }] });
    }
  });
  afterEach(() => place.clean());

  async function byCli(order: CountOrder): Promise<Tally> {
    const child = fork(loop, { execArgv: [] });
    child.send({ ...order, file: place.file });
    const [tally] = await once(child, 'message');
    return tally as Tally;
  }
  async function countTogether(order: Omit<CountOrder, 'paths'>): Promise<Tally[]> {
    const turned = (n: number) => ({ ...order, paths: [...paths.slice(n), ...paths.slice(0, n)] });
    return Promise.all([
      ...engines.map((engine, n) => countUpTo(turned(n), engineCounter(engine))),
      ...paths.map((_, n) => byCli(turned(n))),
    ]);
  }
  async function finalCounts(): Promise<number> {
    const counts = await Promise.all(paths.map((path) => engineCounter(engines[0]!).read(path)));
    return counts.reduce((sum, { text }) => sum + countOf(text), 0);
  }

  it('lose none of 2,000 edits: each is saved, or refused as a conflict', async () => {
    const tallies = await countTogether({ edits: 250, guarded: true });
    const saved = tallies.flatMap((tally) => tally.saved);
    const refused = tallies.flatMap((tally) => tally.refused);
    const times = tallies.flatMap((tally) => tally.times).sort((a, b) => a - b);
    const p = (share: number) => `${times[Math.floor(times.length * share)]?.toFixed(1)} ms`;
    console.log(`      ${saved.length} saved, ${refused.length} conflicts, a write p50 ${p(0.5)}, p99 ${p(0.99)}`);
    assert.equal(saved.length + refused.length, 2000);
    assert.deepEqual([...new Set(refused)], ['CONFLICT']);
    assert.equal(await finalCounts(), saved.length);
    for (const path of paths) {
      const told = saved.filter((one) => one.path === path);
      const kept = await engines[0]!.revisions({ ref: path, limit: 1000 });
      assert.equal(kept.length, told.length + 1);
      for (const { revision, text } of told) {
        const { messages } = await engines[0]!.showRevision({ ref: path, revision });
        assert.equal(messages[0]?.content, text, `${path} revision ${revision}`);
      }
    }
    assert.equal((await engines[0]!.verify()).ok, true);
  }).timeout(180_000);

  it('lose updates when they do not say what they have read', async () => {
    const tallies = await countTogether({ edits: 25, guarded: false });
    const saved = tallies.flatMap((tally) => tally.saved);
    const counted = await finalCounts();
    console.log(`      unguarded: ${saved.length} saved, ${counted} counted`);
    assert.ok(counted < saved.length, `${saved.length} saved, ${counted} counted`);
  }).timeout(60_000);

  it('hear of the conflict also as a command with its exit status', async () => {
    const { revision } = await engines[0]!.show({ ref: 'a' });
    const args = ['edit', 'a', '--expect-revision', String(revision), '--vault', place.file];
    const exits = await Promise.all(
      [1, 2, 3, 4].map((n) => runCli(args, { stdin: countText(n) }).then(({ exit }) => exit)),
    );
    assert.deepEqual(exits.toSorted(), [0, 5, 5, 5]);
  }).timeout(30_000);
});
