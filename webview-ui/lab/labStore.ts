import type { LabContract, LabSetup, LabState } from '../../src/engine/panels.ts';
import type { CaseSet, CellDetail, RunEstimate, RunProgress, RunResult } from '../../src/lab/types.ts';
import { debounce } from '../shared/debounce.ts';
import { type Failure, failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import { applyProgress, type ShownRun } from './applyProgress.ts';
import { runOutcome } from './runTexts.ts';

export type LabView = {
  phase: 'loading' | 'failed' | 'ready';
  failure: Failure | null;
  state: LabState | null;
  setup: LabSetup;
  cases: CaseSet | null;
  casesFailure: Failure | null;
  estimate: RunEstimate | null;
  shown: ShownRun | null;
  detail: CellDetail | null;
  starting: boolean;
  /** Said by a screen reader: once at a run's start, once at its end. */
  said: string;
};
export type LabStore = ReturnType<typeof createLabStore>;
export type LabRestore = { setup?: LabSetup; runId?: string; vault?: string };

const emptySetup: LabSetup = { refs: [], models: [], casesFile: null, repeat: 1, maxCostUsd: null, baseline: null };

const noEstimate: RunEstimate = {
  ...{ calls: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: null, judgeUsd: null, seconds: null },
  ...{ basedOn: 'guess', unknownPrices: [], problems: [] },
};

/** The lab as a person sees it: what is set up, what it would cost, the run shown and the cell opened. */
export function createLabStore(client: PanelClient<LabContract>, onChange: (view: LabView) => void) {
  let view: LabView = {
    phase: 'loading',
    failure: null,
    state: null,
    setup: emptySetup,
    cases: null,
    casesFailure: null,
    estimate: null,
    shown: null,
    detail: null,
    starting: false,
    said: '',
  };
  let opened = -1;

  const update = (change: Partial<LabView>) => {
    view = { ...view, ...change };
    onChange(view);
  };
  const report = (error: unknown) => update({ failure: failureOf(error) });

  const estimating = debounce(200, () => void estimate());
  const estimate = async () => {
    const { setup } = view;
    if (setup.refs.length === 0 || setup.models.length === 0) return update({ estimate: null });
    try {
      const answer = await client.call.estimate(setup);
      if (view.setup === setup) update({ estimate: answer });
    } catch (error) {
      if (view.setup === setup) {
        const problem = failureOf(error).message;
        update({ estimate: { ...noEstimate, problems: [problem] } });
      }
    }
  };

  const show = (result: RunResult | null): ShownRun | null => (result ? { result, waiting: new Map() } : null);

  const load = async (restore: LabRestore) => {
    try {
      const state = await client.call.load({ restore: restore.setup, runId: restore.runId });
      const { setup, cases, result } = state;
      update({ phase: 'ready', failure: null, state, setup, cases, shown: show(result) });
      estimating.request();
    } catch (error) {
      update({ phase: 'failed', failure: failureOf(error) });
    }
  };

  /** Something changed, or the host wants something else shown. A run already on the page is newer here than there. */
  const reload = async () => {
    if (view.phase !== 'ready') return;
    const asked = view.setup;
    const shownId = view.shown?.result.run.id;
    try {
      const state = await client.call.load({ restore: asked, runId: shownId });
      const same = state.result?.run.id === shownId;
      const setup = view.setup === asked ? { setup: state.setup, cases: state.cases } : {};
      update({ state, ...setup, ...(same ? {} : { shown: show(state.result), detail: null }) });
      estimating.request();
    } catch (error) {
      report(error);
    }
  };

  const readCases = async (file: string | null) => {
    if (file === null) return update({ cases: null, casesFailure: null });
    try {
      const cases = await client.call.readCases({ file });
      if (view.setup.casesFile === file) update({ cases, casesFailure: null });
    } catch (error) {
      if (view.setup.casesFile === file) update({ cases: null, casesFailure: failureOf(error) });
    }
  };

  const change = (part: Partial<LabSetup>) => {
    update({ setup: { ...view.setup, ...part } });
    estimating.request();
    if (part.casesFile !== undefined) void readCases(part.casesFile);
  };

  const showRun = async (runId: string) => {
    try {
      const result = await client.call.showRun({ runId });
      const same = view.shown?.result.run.id === runId;
      update({ shown: show(result), detail: same ? view.detail : null });
    } catch (error) {
      report(error);
    }
  };

  /** A past run, with its own versions, models and cases above, so that it can be run again. */
  const openRun = async (runId: string) => {
    try {
      const state = await client.call.load({ restore: view.setup, from: runId });
      const { setup, cases, result } = state;
      const same = view.shown?.result.run.id === result?.run.id;
      update({ state, setup, cases, casesFailure: null, shown: show(result), detail: same ? view.detail : null });
      estimating.request();
    } catch (error) {
      report(error);
    }
  };

  const openCell = async (index: number) => {
    const run = view.shown?.result.run;
    if (!run) return;
    opened = index;
    try {
      const detail = await client.call.showCell({ runId: run.id, index });
      if (opened === index) update({ detail });
    } catch (error) {
      report(error);
    }
  };

  const refreshRuns = async () => {
    const runs = await client.call.listRuns({});
    if (view.state) update({ state: { ...view.state, runs } });
  };

  const progressed = (progress: RunProgress) => {
    const mine = view.shown !== null && applyProgress(view.shown, progress);
    if (progress.type === 'started' || progress.type === 'finished') refreshRuns().catch(report);
    if (!mine) return;
    if (progress.type === 'finished') {
      update({ said: `Run finished: ${runOutcome(progress.run)}` });
      // The totals with their intervals are made by the engine, once all cells are in.
      void showRun(progress.runId);
    } else onChange(view);
    if (progress.type === 'cell' && view.detail && progress.index === opened) void openCell(opened);
  };

  client.on('progress', progressed);
  client.on('changed', () => void reload());

  return {
    get view() {
      return view;
    },
    load,
    reload,
    change,
    openRun,
    openCell,
    report,
    closeCell() {
      opened = -1;
      update({ detail: null });
    },
    dismiss: () => update({ failure: null }),
    async start() {
      update({ starting: true, failure: null, detail: null });
      try {
        const run = await client.call.start(view.setup);
        await showRun(run.id);
        update({ said: `Run started: ${run.cells} calls` });
      } catch (error) {
        report(error);
      }
      update({ starting: false });
    },
    cancel() {
      const run = view.shown?.result.run;
      if (run) client.call.cancel({ runId: run.id }).catch(report);
    },
  };
}
