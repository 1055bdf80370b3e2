import assert from 'node:assert/strict';
import type { VaultError } from '../../src/shared/errors.ts';
import { runCli } from '../support/cliProcess.ts';
import { nextEvent, type TestEngine, type Workplace, workplace } from '../support/engineProcesses.ts';
import { type ServedRequest, startModelServer } from '../support/modelServer.ts';

const said = (content: string) => [{ role: 'user' as const, content }];
const limitMs = 500;

describe('several processes on one vault', () => {
  let place: Workplace;
  let mine: TestEngine;
  let theirs: TestEngine;
  before(async () => {
    place = workplace();
    mine = await place.fork();
    theirs = await place.fork({ actor: 'Bob', mode: 'write' });
    await mine.setFocused({ focused: true });
    await theirs.setFocused({ focused: true });
  });
  after(() => place.clean());

  it('each sees the other’s commits within 500 ms, once and in order', async () => {
    const seen: [string, number, boolean][] = [];
    theirs.onDidChange(({ events, own }) =>
      seen.push(...events.map(({ seq }) => ['theirs', seq, own] as [string, number, boolean])),
    );
    const delays: number[] = [];
    for (let n = 0; n < 10; n++) {
      // The commit is on disk before the answer, so this measures a little more than the delay.
      const told = nextEvent(
        theirs.onDidChange,
        ({ events, own }) => !own && events.some(({ path }) => path === `p${n}`),
      );
      const started = performance.now();
      await mine.create({ path: `p${n}`, messages: said('x') });
      const change = await told;
      delays.push(performance.now() - started);
      assert.equal(change.events[0]?.actor, 'Ada <ada@example.org>');
    }
    assert.ok(Math.max(...delays) < limitMs, `slowest ${Math.max(...delays)} ms`);
    const numbers = seen.map(([, seq]) => seq);
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(numbers).size, numbers.length);
  });

  it('a window in the background learns of a commit within 500 ms, too', async () => {
    await theirs.setFocused({ focused: false });
    for (let n = 0; n < 5; n++) {
      const told = nextEvent(theirs.onDidChange, ({ events }) => events.some(({ path }) => path === `hidden/p${n}`));
      await mine.create({ path: `hidden/p${n}`, messages: said('x') });
      const started = performance.now();
      await told;
      assert.ok(performance.now() - started < limitMs, `${performance.now() - started} ms`);
    }
    await theirs.setFocused({ focused: true });
  });

  it('a command line’s change shows in both within 500 ms of its end', async () => {
    const fits = ({ events }: { events: { path: string | null }[] }) => events.some(({ path }) => path === 'cli/made');
    const times: number[] = [];
    const both = [mine, theirs].map((engine) =>
      nextEvent(engine.onDidChange, fits, 15_000).then(() => times.push(performance.now())),
    );
    const { exit, stderr } = await runCli(['new', 'cli/made', '--vault', place.file], { stdin: 'made outside' });
    const ended = performance.now();
    assert.equal(exit, 0, stderr);
    await Promise.all(both);
    assert.ok(Math.max(...times) - ended < limitMs, `${Math.max(...times) - ended} ms`);
  });

  it('tells own and others’ commits in one order when both write at once', async () => {
    const seen: { seq: number; own: boolean; actor: string }[] = [];
    mine.onDidChange(({ events, own }) => seen.push(...events.map(({ seq, actor }) => ({ seq, own, actor }))));
    const before = (await mine.info()).lastSeq;
    const writes = Array.from({ length: 15 }, (_, n) => [
      mine.create({ path: `mine/p${n}`, messages: said('x') }),
      theirs.create({ path: `theirs/p${n}`, messages: said('x') }),
    ]);
    await Promise.all(writes.flat());
    const { lastSeq } = await mine.info();
    while (seen.at(-1)?.seq !== lastSeq) await nextEvent(mine.onDidChange);
    const expected = Array.from({ length: lastSeq - before }, (_, n) => before + n + 1);
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      expected,
    );
    for (const { own, actor } of seen) assert.equal(own, actor !== 'Bob');
  });

  it('a stale save is refused with what the other saved', async () => {
    const { revision } = await mine.create({ path: 'a', messages: said('first') });
    await theirs.edit({ ref: 'a', expectRevision: revision, messages: said('theirs') });
    await assert.rejects(
      mine.edit({ ref: 'a', expectRevision: revision, messages: said('mine!!') }),
      (error: VaultError) => {
        assert.equal(error.code, 'CONFLICT');
        const actual = error.details.actual as { messages: unknown; updatedBy: string };
        assert.deepEqual([actual.messages, actual.updatedBy], [said('theirs'), 'Bob']);
        return true;
      },
    );
    assert.deepEqual((await mine.show({ ref: 'a' })).messages, said('theirs'));
  });

  it('misses nothing that others do while it restarts', async () => {
    await mine.create({ path: 'first', messages: said('x') });
    const seen: number[] = [];
    mine.onDidChange(({ events }) => seen.push(...events.map(({ seq }) => seq)));
    const { lastSeq: before } = await mine.info();
    process.kill(mine.pids.at(-1)!, 'SIGKILL');
    await theirs.create({ path: 'meanwhile', messages: said('x') });
    const { lastSeq } = await theirs.info();
    while (seen.at(-1) !== lastSeq) await nextEvent(mine.onDidChange);
    assert.deepEqual(
      seen,
      Array.from({ length: lastSeq - before }, (_, n) => before + n + 1),
    );
  });

  it('a cancelled call closes the connection to the model', async () => {
    const reached = Promise.withResolvers<ServedRequest>();
    const server = await startModelServer({
      fault: (request) => {
        reached.resolve(request);
        return { kind: 'stall', after: 1 };
      },
    });
    const engine = await place.fork({
      mode: 'write',
      host: { connection: async () => ({ baseUrl: server.url, apiKey: 'k' }), prices: async () => ({}) },
    });
    await engine.create({ path: 'slow', messages: said('x') });
    const abort = new AbortController();
    const { id } = await engine.startRun({ refs: ['slow'], models: ['compatible:m'] });
    const waiting = engine.waitForRun({ runId: id }, abort.signal);
    const { closed } = await reached.promise;
    abort.abort();
    assert.equal(await closed, 'early');
    const { run } = await waiting;
    assert.equal(run.status, 'cancelled');
    await server.close();
  });
});
