import type { LabCases, LabContract, LabNews, LabRun, LabSetup, LabState } from '../../src/engine/panels.ts';
import type { Bisected } from '../../src/lab/bisect.ts';
import type { ColumnComparison } from '../../src/lab/comparison.ts';
import type { CellDetail, CellState, RunEstimate, RunInfo } from '../../src/lab/types.ts';
import { debounce } from '../shared/debounce.ts';
import { type Failure, failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import { applyNews } from './applyNews.ts';
import { baselineColumns, type Pair } from './baselineColumns.ts';
import { comparePair } from './comparePair.ts';
import { type GridModel, gridModel, putRows } from './gridModel.ts';
import { runOutcome } from './runTexts.ts';
import type { Verdicts } from './verdictBar.ts';

export type LabView = {
  phase: 'loading' | 'failed' | 'ready';
  failure: Failure | null;
  state: LabState | null;
  setup: LabSetup;
  cases: LabCases | null;
  casesFailure: Failure | null;
  estimate: RunEstimate | null;
  shown: GridModel | null;
  detail: CellDetail | null;
  /** The same row in the column compared with. */
  other: CellDetail | null;
  bisected: Bisected | 'searching' | null;
  pair: Pair | null;
  comparison: ColumnComparison | null;
  verdicts: Verdicts;
  starting: boolean;
  /** Said by a screen reader: once at a run's start, once at its end. */
  said: string;
};
/** A cell as it stands now, beside what was told of it when it was opened. */
export type LiveCell = { state: CellState; text: string };
export type LabStore = ReturnType<typeof createLabStore>;
export type LabRestore = { setup?: LabSetup; runId?: string; vault?: string };
type Calls = PanelClient<LabContract>['call'];

const emptySetup: LabSetup = {
  ...{ refs: [], unsaved: [], models: [], casesFile: null, dataset: null, mapping: null, checks: [], checkSets: [] },
  ...{ judge: null, thresholds: {}, repeat: 1, maxCostUsd: null, baseline: null, suite: null, suiteChanged: false },
};
const noEstimate: RunEstimate = {
  ...{ calls: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: null, judgeUsd: null, seconds: null },
  ...{ basedOn: 'guess', unknownPrices: [], problems: [] },
};
/** What may change without making the setup another one than its suite's. */
const besideSuite: readonly string[] = ['refs', 'unsaved', 'baseline', 'suite', 'suiteChanged'];

/** The lab as a person sees it: what is set up, what it would cost, the run shown and the cell opened. */
export function createLabStore(client: PanelClient<LabContract>, onChange: (view: LabView) => void) {
  let view: LabView = {
    ...{ phase: 'loading', failure: null, state: null, setup: emptySetup, cases: null, casesFailure: null },
    ...{ estimate: null, shown: null, detail: null, other: null, bisected: null, pair: null, comparison: null },
    ...{ verdicts: new Map(), starting: false, said: '' },
  };
  let opened = -1;
  const asked = new Set<number>();

  const update = (change: Partial<LabView>) => {
    view = { ...view, ...change };
    onChange(view);
  };
  const report = (error: unknown) => update({ failure: failureOf(error) });
  /** Does it, or says what went wrong. */
  const attempt = async (work: (call: Calls) => Promise<unknown>) => {
    try {
      update({ failure: null });
      await work(client.call);
    } catch (error) {
      report(error);
    }
  };

  const estimating = debounce(200, () => void estimate());
  const estimate = async () => {
    const { setup } = view;
    if (setup.refs.length === 0 || setup.models.length === 0) return update({ estimate: null });
    try {
      const answer = await client.call.estimate(setup);
      if (view.setup === setup) update({ estimate: answer });
    } catch (error) {
      if (view.setup === setup) update({ estimate: { ...noEstimate, problems: [failureOf(error).message] } });
    }
  };

  const closed = { detail: null, other: null, bisected: null };
  /** The same run again keeps its cell and comparison open, and the words that were asked for. */
  const show = (result: LabRun | null): Partial<LabView> => {
    asked.clear();
    const shown = result && gridModel(result);
    const before = view.shown;
    if (shown) void judgeByBaseline(shown);
    if (!shown || before?.run.id !== shown.run.id)
      return { shown, ...closed, pair: null, comparison: null, verdicts: new Map() };
    for (const at of before.names.keys()) if (!shown.names.has(at)) void needRows([at]);
    return { shown };
  };

  /** A baseline was chosen to be told what is better: nobody need ask again. */
  const judgeByBaseline = async (shown: GridModel) => {
    try {
      const columns = baselineColumns(shown);
      if (columns.length === 0) return;
      const found = await client.call.compareBaseline({ runId: shown.run.id, columns });
      if (view.shown === shown) update({ verdicts: new Map(found.map((one) => [one.column, one])) });
    } catch (error) {
      report(error);
    }
  };

  const load = async (restore: LabRestore) => {
    try {
      const state = await client.call.load({ restore: restore.setup, runId: restore.runId });
      const { setup, cases, result } = state;
      update({ phase: 'ready', failure: null, state, setup, cases, ...show(result) });
      estimating.request();
    } catch (error) {
      update({ phase: 'failed', failure: failureOf(error) });
    }
  };

  /** Something changed, or the host wants something else shown. A run already on the page is newer here than there. */
  const reload = async () => {
    if (view.phase !== 'ready') return;
    const before = view.setup;
    const shownId = view.shown?.run.id;
    try {
      const state = await client.call.load({ restore: before, runId: shownId });
      // The end of a run that another process led is told by nobody but the vault.
      const over = view.shown?.run.status === 'running' && state.result?.run.status !== 'running';
      const same = state.result?.run.id === shownId && !over;
      const setup = view.setup === before ? { setup: state.setup, cases: state.cases } : {};
      update({ state, ...setup, ...(same ? {} : show(state.result)) });
      estimating.request();
    } catch (error) {
      report(error);
    }
  };

  const readCases = async () => {
    const { setup } = view;
    try {
      const cases = await client.call.readCases(setup);
      if (view.setup.casesFile === setup.casesFile && view.setup.dataset === setup.dataset)
        update({ cases, casesFailure: null });
    } catch (error) {
      update({ cases: null, casesFailure: failureOf(error) });
    }
  };

  const change = (part: Partial<LabSetup>) => {
    const others = Object.keys(part).some((key) => !besideSuite.includes(key));
    const data = part.casesFile !== undefined || part.dataset !== undefined;
    const setup = { ...view.setup, ...(data && { mapping: null }), ...(others && { suiteChanged: true }), ...part };
    // What stood there was of other data.
    update({ setup, ...(data && { cases: null, estimate: null }) });
    estimating.request();
    if (data) void readCases();
  };

  const showRun = async (runId: string) => {
    try {
      const result = await client.call.showRun({ runId });
      update({ ...show(result) });
      if (opened >= 0 && view.detail) void openCell(opened);
    } catch (error) {
      report(error);
    }
  };

  /** A past run, with its own versions, models and cases above, so that it can be run again. */
  const openRun = (runId: string) =>
    attempt(async (call) => {
      const state = await call.load({ restore: view.setup, from: runId });
      const { setup, cases, result } = state;
      update({ state, setup, cases, casesFailure: null, ...show(result) });
      estimating.request();
    });

  const openCell = async (index: number) => {
    const { shown, pair } = view;
    if (!shown) return;
    if (index !== opened) update({ bisected: null });
    opened = index;
    const height = shown.rows.length;
    const [a, b] = pair ?? [];
    const beside = typeof a === 'number' && Math.floor(index / height) === b ? a * height + (index % height) : null;
    try {
      const { id: runId } = shown.run;
      const [detail, other] = await Promise.all([
        client.call.showCell({ runId, index }),
        beside === null ? null : client.call.showCell({ runId, index: beside }),
      ]);
      if (opened === index) update({ detail, other });
    } catch (error) {
      report(error);
    }
  };

  const needRows = async (places: number[]) => {
    const { shown } = view;
    const wanted = places.filter((at) => !asked.has(at));
    if (!shown || wanted.length === 0) return;
    for (const at of wanted) asked.add(at);
    try {
      putRows(shown, wanted, await client.call.rows({ runId: shown.run.id, places: wanted }));
      onChange(view);
    } catch (error) {
      for (const at of wanted) asked.delete(at);
      report(error);
    }
  };

  const refreshRuns = async () => {
    const runs = await client.call.listRuns({});
    if (view.state) update({ state: { ...view.state, runs } });
  };

  const heard = (news: LabNews) => {
    const mine = view.shown !== null && applyNews(view.shown, news);
    if (news.run) refreshRuns().catch(report);
    if (!mine) return;
    if (news.finished && news.run) {
      update({ said: `Run finished: ${runOutcome(news.run)}` });
      // The totals with their intervals are made by the engine, once all cells are in.
      void showRun(news.runId);
    } else onChange(view);
    if (view.detail && news.cells.some(({ index }) => index === opened)) void openCell(opened);
    // A mark on a run that is over changes its totals.
    if (!news.run && view.shown?.run.status !== 'running' && news.cells.length > 0) void showRun(news.runId);
  };

  /** Begins a run, or goes on with one, and shows it. */
  const begin = (work: (call: Calls) => Promise<RunInfo | null>) =>
    attempt(async (call) => {
      update({ starting: true });
      try {
        const run = await work(call);
        if (!run) return;
        await showRun(run.id);
        update({ said: `Run started: ${run.cells} calls` });
      } finally {
        update({ starting: false });
      }
    });

  client.on('news', heard);
  client.on('changed', () => void reload());

  return {
    get view() {
      return view;
    },
    ...{ load, reload, change, openRun, openCell, needRows, report, attempt, begin },
    closeCell() {
      opened = -1;
      update(closed);
    },
    dismiss: () => update({ failure: null }),
    /** A setup as a whole, for example a suite's. */
    async adopt(setup: LabSetup) {
      update({ setup });
      await reload();
    },
    liveCell(): LiveCell {
      const { shown, detail } = view;
      const text = shown?.texts.get(opened) ?? '';
      return { state: shown?.states[opened] ?? detail?.status ?? 'waiting', text };
    },
    compare(pair: Pair | null) {
      update({ pair, comparison: null });
      const { shown } = view;
      if (!pair || !shown) return;
      void attempt(async (call) => {
        const comparison = await comparePair(call, { runId: shown.run.id, pair });
        if (view.pair === pair) update({ comparison });
        if (opened >= 0) await openCell(opened);
      });
    },
    bisect(allowCalls: boolean) {
      const { detail } = view;
      if (!detail) return;
      const { path, runId, index } = detail;
      update({ bisected: 'searching' });
      void attempt(async (call) => {
        try {
          const bisected = await call.bisect({ path, runId, index, allowCalls });
          if (opened === index) update({ bisected });
        } finally {
          if (view.bisected === 'searching') update({ bisected: null });
        }
      });
    },
  };
}
