import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, VaultError } from '../../src/shared/errors.ts';
import {
  engineModule,
  failsWith,
  nextEvent,
  nextRestart,
  type TestEngine,
  type Workplace,
  workplace,
} from '../support/engineProcesses.ts';
import { startModelServer } from '../support/modelServer.ts';
import { until } from '../support/until.ts';

const kill = (engine: TestEngine) => process.kill(engine.pids.at(-1)!, 'SIGKILL');
const prompt = (path: string, content = 'Hello') => ({ path, messages: [{ role: 'user' as const, content }] });

describe('an engine process', () => {
  let place: Workplace;
  beforeEach(() => {
    place = workplace();
  });
  afterEach(() => place.clean());

  it('answers with the same records and errors as an engine in this process', async () => {
    const engine = await place.fork();
    const made = await engine.create(prompt('support/triage'));
    assert.equal(made.version, '1.0');
    assert.equal(made.createdBy, 'Ada <ada@example.org>');
    assert.deepEqual(await engine.show({ ref: 'support/triage' }), made);
    await assert.rejects(engine.create(prompt('support/triage')), failsWith('EXISTS'));
    await assert.rejects(engine.show({ ref: 'nobody' }), failsWith('NOT_FOUND'));
    await assert.rejects(engine.create(prompt('../up')), failsWith('INVALID_PATH'));
  });

  it('refuses a stale save with what stands there now', async () => {
    const engine = await place.fork();
    await engine.create(prompt('a'));
    const first = await engine.edit({ ref: 'a', expectRevision: 1, messages: prompt('a', 'Mine').messages });
    const stale = engine.edit({ ref: 'a', expectRevision: 1, messages: prompt('a', 'Late').messages });
    await assert.rejects(stale, (error: VaultError) => {
      assert.ok(error instanceof VaultError);
      assert.equal(error.code, 'CONFLICT');
      assert.deepEqual(error.details.actual, first);
      return true;
    });
  });

  it('offers the methods of the engine and nothing else', async () => {
    const engine = await place.fork();
    for (const name of ['open', 'database', 'onDidCommit', 'constructor', 'then'])
      assert.equal(Object.hasOwn(engine, name), false, name);
  });

  it('says why a vault cannot be opened, and leaves no process behind', async () => {
    mkdirSync(dirname(place.file), { recursive: true });
    writeFileSync(place.file, 'not a vault at all, only text '.repeat(200));
    const lines: string[] = [];
    await assert.rejects(place.fork({ log: (line) => lines.push(line) }), failsWith('FOREIGN'));
    assert.equal(readFileSync(place.file, 'utf8'), 'not a vault at all, only text '.repeat(200));
    const pid = Number(/process (\d+) started/.exec(lines.join('\n'))?.[1]);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await assert.rejects(place.fork({ file: `${place.file}.none`, mode: 'write' }), failsWith('FILE_NOT_FOUND'));
  });

  it('asks its host for keys, prices and editor models', async () => {
    const asked: string[] = [];
    const engine = await place.fork({
      host: {
        connection: async (vendor) => {
          asked.push(vendor);
          throw new VaultError('KEY_MISSING', 'No key', { vendor, variable: 'OPENAI_API_KEY' });
        },
        prices: async () => ({ 'openai:gpt-own': { input: 1, output: 2 } }),
        editorModels: {
          list: async () => ['fast'],
          async *stream({ messages }, _signal) {
            for (const text of ['one ', 'two ', messages[0]?.content ?? '']) yield { type: 'text' as const, text };
            yield { type: 'finish' as const, reason: 'stop' as const };
          },
        },
      },
    });
    await assert.rejects(
      engine.tryOnce({ streamId: 's', model: 'openai:gpt-own', request: { messages: [], settings: {} } }),
      (error: VaultError) => error.code === 'KEY_MISSING' && error.details.variable === 'OPENAI_API_KEY',
    );
    assert.deepEqual(asked, ['openai']);
    assert.deepEqual((await engine.models()).find(({ name }) => name === 'openai:gpt-own')?.price?.source, 'user');
  });

  it('streams an editor model through the process and back, in order', async () => {
    const engine = await place.fork({
      host: {
        connection: async () => ({}),
        prices: async () => ({}),
        editorModels: {
          list: async () => ['fast'],
          async *stream({ messages }) {
            for (let n = 0; n < 50; n++) yield { type: 'text' as const, text: `${n} ` };
            yield { type: 'text' as const, text: messages[0]?.content ?? '' };
            yield { type: 'finish' as const, reason: 'stop' as const };
          },
        },
      },
    });
    let text = '';
    engine.onDidStream(({ streamId, event }) => {
      assert.equal(streamId, 'mine');
      if (event.type === 'text') text += event.text;
    });
    const messages = [{ role: 'user' as const, content: 'end' }];
    const result = await engine.tryOnce({
      streamId: 'mine',
      model: 'vscode:fast',
      request: { messages, settings: {} },
    });
    const expected = `${Array.from({ length: 50 }, (_, n) => `${n} `).join('')}end`;
    assert.equal(result.text, expected);
    assert.equal(text, expected);
  });

  it('is started again once when it crashes: open calls fail at once, listeners stay, nothing is lost', async () => {
    const engine = await place.fork();
    await engine.create(prompt('kept'));
    const seen: number[] = [];
    engine.onDidChange(({ events }) => seen.push(...events.map(({ seq }) => seq)));
    let restarts = 0;
    engine.onDidRestart(() => restarts++);
    const open = Array.from({ length: 20 }, () => engine.list({}).then(() => 'answered', codeOf));
    const restarted = nextRestart(engine);
    kill(engine);
    for (const outcome of await Promise.all(open)) assert.ok(['answered', 'ENGINE_GONE'].includes(outcome), outcome);
    await restarted;
    assert.equal((await engine.show({ ref: 'kept' })).path, 'kept');
    const change = nextEvent(engine.onDidChange);
    await engine.create(prompt('after'));
    await change;
    assert.equal(restarts, 1);
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(engine.pids.length, 2);
  });

  it('answers a call made while it restarts', async () => {
    const engine = await place.fork();
    kill(engine);
    await nextRestart(engine);
    const again = engine.info();
    assert.equal((await again).file, place.file);
  });

  it('stays down after a second crash, and says so', async () => {
    const engine = await place.fork();
    kill(engine);
    await nextRestart(engine);
    const died = nextEvent(engine.onDidDie);
    kill(engine);
    assert.equal((await died).code, 'ENGINE_GONE');
    const started = performance.now();
    await assert.rejects(engine.info(), failsWith('ENGINE_GONE'));
    assert.ok(performance.now() - started < 1000);
    assert.equal(engine.pids.length, 2);
  });

  it('rejects a call that hangs in it when it is killed', async () => {
    const waiting = Promise.withResolvers<void>();
    const engine = await place.fork({
      host: {
        connection: async () => ({}),
        prices: async () => ({}),
        editorModels: {
          list: async () => ['slow'],
          // biome-ignore lint/correctness/useYield: a model that never answers
          async *stream(_request, signal) {
            waiting.resolve();
            await once(signal, 'abort');
          },
        },
      },
    });
    const call = engine.tryOnce({ streamId: 's', model: 'vscode:slow', request: { messages: [], settings: {} } });
    const outcome = call.then(() => 'answered', codeOf);
    await waiting.promise;
    kill(engine);
    assert.equal(await outcome, 'ENGINE_GONE');
    await nextRestart(engine);
  });

  it('keeps what a run had got when it was killed', async () => {
    const reached = Promise.withResolvers<void>();
    const server = await startModelServer({
      fault: ({ prompt: text }) => {
        if (text !== 'Hello B') return undefined;
        reached.resolve();
        return { kind: 'stall', after: 1 };
      },
    });
    const host = { connection: async () => ({ baseUrl: server.url }), prices: async () => ({}) };
    const engine = await place.fork({ host });
    await engine.create(prompt('a', 'Hello {{name}}'));
    const cases = ['A', 'B'].map((name) => ({ id: name, name, variables: { name }, checks: [] }));
    const answered = nextEvent(
      engine.onDidRun,
      (progress) => progress.type === 'cell' && progress.cell.status === 'pass',
    );
    const { id } = await engine.startRun({ refs: ['a'], models: ['compatible:m'], cases });
    await Promise.all([answered, reached.promise]);
    const reader = await place.fork({ mode: 'read' });
    await until(async () => (await reader.showRun({ runId: id })).cells[0]?.status === 'pass', 'the stored answer');
    await reader.close();
    kill(engine);
    await nextRestart(engine);
    const kept = await engine.showRun({ runId: id });
    assert.equal(kept.run.status, 'interrupted');
    assert.equal(kept.cells[0]?.status, 'pass');
    assert.equal(kept.cells[0]?.output, 'Hello A');
    await server.close();
  });

  it('ends when its parent is killed', async () => {
    const script = `
      import { forkEngine } from ${JSON.stringify(new URL('../../src/engine/engineClient.ts', import.meta.url).href)};
      const host = { connection: async () => ({}), prices: async () => ({}) };
      const file = ${JSON.stringify(place.file)};
      await forkEngine({ modulePath: ${JSON.stringify(engineModule)}, file, actor: 'x', mode: 'create', host, log: (line) => console.log(line) });
      console.log('ready');`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    const ready = Promise.withResolvers<void>();
    parent.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('ready')) ready.resolve();
    });
    await ready.promise;
    const pid = Number(/process (\d+) started/.exec(text)?.[1]);
    process.kill(pid, 0);
    parent.kill('SIGKILL');
    const gone = () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    await until(gone, 'the end of the engine');
  });

  it('fails calls after it was closed', async () => {
    const engine = await place.fork();
    await engine.close();
    await assert.rejects(engine.info(), failsWith('ENGINE_GONE'));
    await engine.close();
  });
});
