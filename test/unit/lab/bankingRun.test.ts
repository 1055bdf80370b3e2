import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Cell, RunProgress, RunResult } from '../../../src/lab/types.ts';
import type { ModelScript, ServedRequest } from '../../support/modelServer.ts';
import { type LabTest, models, prices, startLabTest } from './labTest.ts';

const file = new URL('../../fixtures/data/banking-cases-20.csv', import.meta.url).pathname;
const system = 'Name the intent of the message. Answer with the intent only.';
const settings = { temperature: 0.2, maxTokens: 64, model: 'openai:something-else' };
// Read without the product's reader: no cell of this file holds a quote or a comma-separated third value.
const rows = readFileSync(file, 'utf8')
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const comma = line.lastIndexOf(',');
    return {
      message: line.slice(0, comma).replace(/^"|"$/g, '').replaceAll('""', '"'),
      expected: line.slice(comma + 1),
    };
  });
const caseOf = (request: ServedRequest) => rows.findIndex(({ message }) => request.prompt === `Message: ${message}`);

const limited = 3;
const cut = 5;
/** OpenAI knows every answer, Anthropic none of the even cases, Google writes two of three in capitals. */
const answers: { [wire: string]: (index: number) => string } = {
  openai: (index) => rows[index]!.expected,
  anthropic: (index) => (index % 2 === 0 ? 'unknown' : rows[index]!.expected),
  google: (index) => (index % 3 === 0 ? rows[index]!.expected : rows[index]!.expected.toUpperCase()),
};
const usage = (index: number) => ({ input: 100 + index, output: 10 + index, cached: 0 });
const script: ModelScript = {
  reply: (request) => ({ text: answers[request.wire]!(caseOf(request)), usage: usage(caseOf(request)) }),
  fault: (request) => {
    if (request.wire === 'anthropic' && caseOf(request) === limited && request.attempt === 0) {
      return { kind: 'status', status: 429, headers: { 'retry-after': '1' } };
    }
    return request.wire === 'google' && caseOf(request) === cut ? { kind: 'cut', after: 2 } : undefined;
  },
};
const wires = ['openai', 'anthropic', 'google'] as const;
const expectedStatus = (wire: string, index: number): Cell['status'] => {
  if (wire === 'google' && index === cut) return 'error';
  return answers[wire]!(index) === rows[index]!.expected ? 'pass' : 'fail';
};

describe('twenty real cases with three vendors', () => {
  let test: LabTest;
  let result: RunResult;
  const progress: RunProgress[] = [];

  before(async () => {
    assert.equal(rows.length, 20);
    test = await startLabTest(script);
    const { version } = test.vault.create({
      path: 'banking/intent',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: 'Message: {{message}}' },
      ],
      settings,
    });
    test.lab.onDidRun((event) => progress.push(event));
    const { id } = await test.lab.startRun({
      refs: [`banking/intent@${version}`],
      models: Object.values(models),
      casesFile: file,
    });
    result = await test.lab.waitForRun({ runId: id });
  });
  after(() => test.end());

  it('gives sixty cells in the order models × cases', () => {
    const addresses = result.cells.map((cell) => `${cell.model} ${cell.case}`);
    assert.deepEqual(
      addresses,
      Object.values(models).flatMap((model) => rows.map((_, i) => `${model} ${i + 1}`)),
    );
    assert.deepEqual(result.caseNames['1'], rows[0]!.message);
  });

  it('sends each vendor every rendered case with the run’s model and the version’s settings', () => {
    const { requests } = test.server;
    assert.equal(requests.length, 61, 'sixty calls and one retry');
    for (const wire of wires) {
      const sent = requests.filter((request) => request.wire === wire && request.attempt === 0);
      assert.deepEqual(
        sent.map(caseOf).sort((a, b) => a - b),
        rows.map((_, i) => i),
      );
      for (const request of sent) {
        assert.equal(`${wire}:${request.model}`, models[wire]);
        assert.equal(request.key, `key-of-${wire}`);
        const text = JSON.stringify(request.body);
        assert.ok(text.includes(JSON.stringify(system)) && !text.includes('something-else'), text);
        assert.deepEqual(settingsOn(request), { temperature: 0.2, maxTokens: 64 });
      }
    }
  });

  it('judges every cell as an independent reading of the file does', () => {
    const statuses = result.cells.map(({ status }) => status);
    assert.deepEqual(
      statuses,
      wires.flatMap((wire) => rows.map((_, index) => expectedStatus(wire, index))),
    );
    for (const [index, cell] of result.cells.entries()) {
      const wire = wires[Math.floor(index / 20)]!;
      if (cell.status === 'error') continue;
      assert.equal(cell.output, answers[wire]!(index % 20));
      assert.deepEqual(
        cell.checks.map(({ type, pass }) => [type, pass]),
        [['equals', cell.status === 'pass']],
      );
      const { input, output } = usage(index % 20);
      assert.deepEqual([cell.inputTokens, cell.outputTokens], [input, output]);
    }
  });

  it('adds up each column and the run', () => {
    for (const [column, wire] of wires.entries()) {
      const summary = result.summary[column]!;
      const indices = rows.map((_, i) => i).filter((i) => expectedStatus(wire, i) !== 'error');
      const passed = indices.filter((i) => expectedStatus(wire, i) === 'pass').length;
      assert.equal(summary.model, models[wire]);
      assert.deepEqual(
        [summary.cells, summary.passed, summary.failed, summary.errors],
        [20, passed, indices.length - passed, 20 - indices.length],
      );
      assert.equal(summary.passRate, passed / indices.length);
      const price = prices[models[wire]]!;
      const cost = indices.reduce(
        (sum, i) => sum + (usage(i).input * price.input + usage(i).output * price.output) / 1e6,
        0,
      );
      const lost = result.cells[column * 20 + cut]!.costUsd ?? 0;
      assert.ok(Math.abs(summary.costUsd! - cost - (wire === 'google' ? lost : 0)) < 1e-12);
      assert.ok(summary.latencyMs.p50! <= summary.latencyMs.p95!);
    }
    const sum = (key: 'passed' | 'failed' | 'errors') =>
      result.summary.reduce((total, column) => total + column[key], 0);
    const { run } = result;
    assert.deepEqual([run.passed, run.failed, run.errors], [sum('passed'), sum('failed'), sum('errors')]);
    assert.deepEqual([run.status, run.cells, run.cases, run.passed + run.failed + run.errors], ['done', 60, 20, 60]);
    assert.equal(run.passed, 20 + 10 + 7);
  });

  it('asks again after the 429, waits as told, and leaves the wait out of the latency', async () => {
    const index = 20 + limited;
    const [first, second] = test.server.requests.filter(
      (request) => request.wire === 'anthropic' && caseOf(request) === limited,
    );
    assert.ok(second!.at - first!.at >= 990, `${second!.at - first!.at} ms`);
    const cell = result.cells[index]!;
    assert.equal(cell.status, expectedStatus('anthropic', limited));
    assert.ok(cell.latencyMs! < 900, `${cell.latencyMs} ms`);
    assert.equal((await test.lab.showCell({ runId: result.run.id, index })).attempts, 2);
    assert.ok(progress.some((event) => event.type === 'retry' && event.index === index && event.waitMs === 1000));
  });

  it('makes the cut stream an error with what had come, never a pass', () => {
    const cell = result.cells[40 + cut]!;
    assert.equal(cell.status, 'error');
    assert.equal(cell.error?.code, 'TRUNCATED');
    const whole = answers.google!(cut);
    assert.ok(
      cell.output.length > 0 && cell.output.length < whole.length && whole.startsWith(cell.output),
      cell.output,
    );
  });

  it('tells the start, texts, every ended cell, and the end', () => {
    assert.equal(progress[0]?.type, 'started');
    assert.equal(progress.at(-1)?.type, 'finished');
    const ended = progress.filter((event) => event.type === 'cell' && event.cell.status !== 'running');
    assert.deepEqual(new Set(ended.map((event) => 'index' in event && event.index)).size, 60);
    assert.equal(ended.length, 60);
  });

  it('is the same when read from the file by another connection, and is told in the log', async () => {
    const other = test.reopen('read');
    assert.deepEqual(await other.lab.showRun({ runId: result.run.id }), result);
    await other.end();
    const kinds = test.vault.eventsAfter({ seq: 0 }).map(({ kind, path }) => `${kind} ${path}`);
    assert.deepEqual(kinds.slice(-2), ['run.started banking/intent', 'run.finished banking/intent']);
    assert.equal(test.vault.verify().ok, true);
  });

  it('shows a cell with what was sent', async () => {
    const cell = await test.lab.showCell({ runId: result.run.id, index: 1 });
    assert.deepEqual(cell.request, {
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: `Message: ${rows[1]!.message}` },
      ],
      settings: { temperature: 0.2, maxTokens: 64 },
    });
    assert.equal(cell.caseName, rows[1]!.message);
    await assert.rejects(test.lab.showCell({ runId: result.run.id, index: 60 }), { code: 'NOT_FOUND' });
  });

  it('answers the judged cells from the store the next time and calls again only what broke', async () => {
    const before = test.server.requests.length;
    const { id } = await test.lab.startRun({
      refs: ['banking/intent'],
      models: Object.values(models),
      casesFile: file,
    });
    const again = await test.lab.waitForRun({ runId: id });
    assert.equal(test.server.requests.length, before + 1);
    assert.deepEqual(
      again.cells.map(({ cached }) => cached),
      result.cells.map(({ status }) => status !== 'error'),
    );
    assert.deepEqual(
      again.cells
        .map(({ status, output, latencyMs, costUsd }) => ({ status, output, latencyMs, costUsd }))
        .slice(0, 40),
      result.cells
        .map(({ status, output, latencyMs, costUsd }) => ({ status, output, latencyMs, costUsd }))
        .slice(0, 40),
    );
  });
});

/** Temperature and token limit, each where its vendor has them. */
function settingsOn({ wire, body }: ServedRequest): object {
  const config = (wire === 'google' ? body.generationConfig : body) as { [name: string]: unknown };
  const maxTokens = config.max_completion_tokens ?? config.max_tokens ?? config.maxOutputTokens;
  return { temperature: config.temperature, maxTokens };
}
