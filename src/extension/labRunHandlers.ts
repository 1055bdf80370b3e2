import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { LabContract, LabSetup } from '../engine/panels.ts';
import type { RunRequest } from '../lab/types.ts';
import { VaultError } from '../shared/errors.ts';
import { exportRun } from './exportRun.ts';
import { packRows } from './labCells.ts';
import type { LabSession } from './labHandlers.ts';
import type { PanelHandlers } from './panelConnection.ts';

type RunCall =
  | ('cancel' | 'resume' | 'retryErrors' | 'rerunFailing' | 'rerunCell' | 'rescore' | 'bisect' | 'mark' | 'clearMark')
  | ('compare' | 'compareBaseline' | 'rows' | 'showCell' | 'exportRun');
type Place = {
  engine(): Promise<EngineClient>;
  session: LabSession;
  requestOf(setup: LabSetup): RunRequest;
};

/** What a Lab panel asks of a run that is there. */
export function labRunHandlers({ engine, session, requestOf }: Place): Pick<PanelHandlers<LabContract>, RunCall> {
  return {
    cancel: async (run) => (await engine()).cancelRun(run),
    async resume({ runId }) {
      const host = await engine();
      const { run } = await host.showRun({ runId });
      if (run.stopReason !== 'budget') return host.resumeRun({ runId });
      const maxCostUsd = await askLimit(run.maxCostUsd ?? 0, (run.spentUsd ?? 0) + (run.judgeUsd ?? 0));
      return maxCostUsd === null ? null : host.resumeRun({ runId, maxCostUsd });
    },
    retryErrors: async (run) => (await engine()).retryErrors(run),
    rerunFailing: async (run) => (await engine()).rerunFailing(run),
    rerunCell: async (cell) => (await engine()).rerunCell(cell),
    async rescore({ runId, setup, replace }) {
      const host = await engine();
      const { checks = [], checkSets = [], judge } = requestOf({ ...setup, suite: null });
      const sets = await Promise.all(checkSets.map(async (name) => host.showCheckSet({ name })));
      const all = [...checks, ...sets.flatMap((set) => set.checks)];
      if (all.length === 0 && !judge) {
        throw new VaultError('INVALID_INPUT', 'Write checks above, or choose a set of them, to score again by', {
          field: 'checks',
        });
      }
      return host.rescore({ runId, checks: all, replace, ...(judge && { judge }) });
    },
    bisect: async (p) => (await engine()).bisect(p),
    mark: async (p) => void (await (await engine()).markCell(p)),
    clearMark: async (p) => void (await (await engine()).clearMark(p)),
    compare: async (p) => (await engine()).compareColumns(p),
    compareBaseline: async (p) => (await engine()).compareBaseline(p),
    async rows({ runId, places }) {
      if (session.shown?.run.id !== runId) session.shown = await (await engine()).showRun({ runId });
      return packRows(session.shown, places);
    },
    showCell: async (cell) => (await engine()).showCell(cell),
    exportRun: async (request) => exportRun(await engine(), request),
  };
}

async function askLimit(limit: number, spent: number): Promise<number | null> {
  const text = await vscode.window.showInputBox({
    title: 'Resume with a higher budget',
    prompt: `$${spent.toFixed(4)} of $${limit} are spent. The new limit for the whole run, in US dollars`,
    value: String(Math.max(limit * 2, spent * 2)),
    validateInput: (typed) => (Number(typed) > spent ? undefined : `A number above ${spent.toFixed(4)}`),
  });
  return text === undefined ? null : Number(text);
}
