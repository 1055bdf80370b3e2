import type { LabSetup } from '../../../src/engine/panels.ts';
import { totalsOf } from '../../../src/lab/tally.ts';
import { thresholdResults } from '../../../src/lab/thresholds.ts';
import type { Case, Cell, ColumnSummary, RunProgress, RunResult } from '../../../src/lab/types.ts';

/** What of a setup makes the cells. */
export type SampleSetup = Pick<LabSetup, 'refs' | 'casesFile' | 'repeat' | 'maxCostUsd'> &
  Partial<Pick<LabSetup, 'baseline' | 'thresholds'>> & { models: string[] };
export type SampleRun = {
  setup: SampleSetup;
  result(): RunResult;
  start(): void;
  cancel(): void;
  finishAtOnce(): void;
  /** A person's word on a cell. */
  mark(index: number, mark: Cell['mark']): void;
};

const blank = {
  latencyMs: null,
  firstTokenMs: null,
  inputTokens: null,
  outputTokens: null,
  cachedTokens: null,
  costUsd: null,
  judgeUsd: null,
  score: null,
  mark: null,
  metrics: {},
};

/** A run whose cells are settled by their address alone: some fail, a few break, the rest pass. */
export function createSampleRun(p: {
  id: string;
  setup: SampleSetup;
  cases: Case[];
  tell: (progress: RunProgress) => void;
}): SampleRun {
  const { setup, tell } = p;
  const cases = setup.casesFile ? p.cases : [{ id: '1', name: '(no cases)', variables: {}, checks: [] }];
  const places = setup.refs.flatMap((ref) =>
    setup.models.flatMap((model) =>
      cases.flatMap((one) => Array.from({ length: setup.repeat }, (_, repeat) => ({ ref, model, one, repeat }))),
    ),
  );
  const expected = (at: number) => String(places[at]?.one.checks[0]?.value ?? 'an answer');
  const cells: Cell[] = places.map(({ ref, model, one, repeat }) => {
    const [path = '', version = ''] = ref.split('@');
    return {
      path,
      version,
      model,
      repeat,
      hash: `sha256:${version}`,
      case: one.id,
      status: 'waiting',
      judged: 'waiting',
      output: '',
      checks: [],
      error: null,
      cached: false,
      finishReason: null,
      ...blank,
    };
  });
  const run: RunResult['run'] = {
    id: p.id,
    status: 'running',
    startedAt: new Date().toISOString(),
    finishedAt: null,
    actor: 'Priya',
    versions: setup.refs,
    models: setup.models,
    modelChoices: setup.models,
    cases: cases.length,
    casesFile: setup.casesFile,
    ...{ suite: null, suiteRevision: null, dataset: null, scoredFrom: null },
    repeat: setup.repeat,
    cells: cells.length,
    passed: 0,
    failed: 0,
    errors: 0,
    costUsd: 0.0452,
    spentUsd: 0.0452,
    ...{ judgeUsd: null, maxCostUsd: setup.maxCostUsd, resumable: false, thresholds: [] },
    stopReason: null,
    baseline: setup.baseline
      ? { ...refOf(setup.baseline), hash: 'sha256:0', compared: cases.length, missing: 0 }
      : null,
    wallMs: 0,
  };
  let timer: ReturnType<typeof setInterval> | undefined;

  const settled = (at: number): Cell => {
    const cell = cells[at]!;
    const facts = {
      latencyMs: 700 + ((at * 37) % 900),
      firstTokenMs: 240,
      inputTokens: 214,
      outputTokens: 12,
      cachedTokens: 0,
      costUsd: 0.00075,
      cached: at % 9 === 4,
    };
    if (at % 31 === 17)
      return {
        ...cell,
        status: 'error',
        judged: 'error',
        output: '',
        error: { code: 'PROVIDER', message: 'The endpoint answered 429 four times: too many requests' },
      };
    const pass = (at * 7) % 11 !== 3;
    const output = pass ? expected(at) : 'lost_or_stolen_card';
    const reason = pass ? `is "${output}"` : `expected "${expected(at)}", got "${output}"`;
    return {
      ...cell,
      ...facts,
      output,
      status: pass ? 'pass' : 'fail',
      judged: pass ? 'pass' : 'fail',
      score: pass ? 1 : 0,
      metrics: { accuracy: pass ? 1 : 0 },
      checks: [{ type: 'equals', metric: 'accuracy', pass, score: pass ? 1 : 0, reason }],
    };
  };
  const settle = (at: number) => {
    const cell = settled(at);
    cells[at] = cell;
    if (cell.status === 'pass') run.passed += 1;
    if (cell.status === 'fail') run.failed += 1;
    if (cell.status === 'error') run.errors += 1;
    return cell;
  };
  const finish = (status: 'done' | 'cancelled') => {
    clearInterval(timer);
    Object.assign(run, { resumable: status === 'cancelled', status, finishedAt: new Date().toISOString() });
    cells.forEach((cell, at) => {
      if (cell.status === 'waiting' || cell.status === 'running') cells[at] = { ...cell, status: 'cancelled' };
    });
    tell({ type: 'finished', runId: p.id, run: { ...run } });
  };

  function summary(): ColumnSummary[] {
    const size = cases.length * setup.repeat;
    return setup.refs.flatMap((ref, v) =>
      setup.models.map((model, m) => {
        const own = cells.slice((v * setup.models.length + m) * size, (v * setup.models.length + m + 1) * size);
        const count = (status: string) => own.filter((cell) => cell.status === status).length;
        const [passed, failed, errors] = [count('pass'), count('fail'), count('error')];
        const [path = '', version = ''] = ref.split('@');
        return {
          path,
          version,
          model,
          hash: `sha256:${version}`,
          cells: own.length,
          passed,
          failed,
          errors,
          passRate: passed / (own.length || 1),
          score: passed / (own.length || 1),
          metrics: {},
          ci95: [Math.max(0, passed / own.length - 0.09), Math.min(1, passed / own.length + 0.09)],
          costUsd: m === 2 ? null : 0.0151,
          latencyMs: { p50: 812, p95: 1502 },
          inputTokens: 4280,
          outputTokens: 240,
        };
      }),
    );
  }

  return {
    setup,
    result: () => ({
      run: { ...run },
      summary: summary(),
      cells: [...cells],
      regressions:
        run.status === 'running'
          ? []
          : [
              {
                case: '5',
                model: setup.models[0] ?? '',
                path: 'support/triage',
                version: '2.3',
                baseline: 'pass',
                now: 'fail',
              },
            ],
      caseNames: Object.fromEntries(cases.map(({ id, name }) => [id, name])),
    }),
    start() {
      tell({ type: 'started', runId: p.id, run: { ...run } });
      let next = 0;
      timer = setInterval(() => {
        const batch = Math.max(2, Math.ceil(cells.length / 25));
        for (let at = next; at < Math.min(next + batch * 2, cells.length); at += 1)
          if (at % 13 === 5)
            tell({ type: 'retry', runId: p.id, index: at, attempt: 2, waitMs: 4000, reason: '429 too many requests' });
          else tell({ type: 'text', runId: p.id, index: at, text: expected(at).slice(0, 4) });
        for (let end = Math.min(next + batch, cells.length); next < end; next += 1)
          tell({ type: 'cell', runId: p.id, index: next, cell: settle(next) });
        if (next >= cells.length) finish('done');
      }, 100);
    },
    cancel: () => finish('cancelled'),
    mark(index, mark) {
      const before = cells[index]!;
      const status = mark?.mark ?? before.judged;
      cells[index] = { ...before, mark, status };
      const counted = (state: string) => cells.filter((cell) => cell.status === state).length;
      Object.assign(run, { passed: counted('pass'), failed: counted('fail'), errors: counted('error') });
      tell({ type: 'cell', runId: p.id, index, cell: cells[index]! });
    },
    finishAtOnce() {
      cells.forEach((_, at) => void settle(at));
      const thresholds = thresholdResults(setup.thresholds ?? {}, cells, totalsOf(cells));
      Object.assign(run, { status: 'done', finishedAt: new Date().toISOString(), thresholds });
    },
  };
}

function refOf(ref: string): { path: string; version: string } {
  const [path = '', version = ''] = ref.split('@');
  return { path, version };
}
