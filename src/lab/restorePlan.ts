import { parseModelName } from '../models/modelNames.ts';
import { columnsOf } from './columns.ts';
import { openJudge } from './judge.ts';
import type { LabModels } from './labModels.ts';
import { type PlannedModel, type RunPlan, reachModel } from './planRun.ts';
import type { CaseRow, RunRow, RunStore } from './runStore.ts';
import { plannedCase } from './storedCases.ts';

type Deps = { models: LabModels; store: Pick<RunStore, 'content'>; callable: (column: number) => boolean };

/**
 * The plan of a stored run, from the vault alone. Only columns that will be called are reached: KEY_MISSING or INVALID_INPUT
 * when they cannot be.
 */
export async function restorePlan(row: RunRow, cases: readonly CaseRow[], deps: Deps): Promise<RunPlan> {
  const { options, baseline, suite } = row;
  const choices = options.choices ?? row.models;
  const models: PlannedModel[] = [];
  for (const [index, column] of columnsOf(choices).entries()) {
    const unreached = { vendor: parseModelName(column.model).vendor, endpoint: '', price: null, body: () => ({}) };
    models.push(deps.callable(index) ? await reachModel(column, deps.models) : { ...column, ...unreached });
  }
  const planned = cases.map(plannedCase);
  const judge = options.judge ?? null;
  const checks = planned.flatMap((one) => one.checks);
  const judging = await openJudge({ setup: judge, checks, models: deps.models });
  return {
    versions: row.versions.map((version) => ({ ...version, content: deps.store.content(version.hash) })),
    ...{ models, choices, cases: planned, casesFile: row.casesFile, dataset: row.dataset },
    suite: suite === null ? null : { name: suite, revision: options.suiteRevision ?? 0 },
    ...{ scoredFrom: row.scoredFrom, repeat: row.repeat, concurrency: options.concurrency },
    ...{ maxCostUsd: options.maxCostUsd, noCache: options.noCache, idleTimeoutMs: options.idleTimeoutMs ?? null },
    baseline: baseline && { path: baseline.path, version: baseline.version, hash: baseline.hash },
    ...{ judge, judging, thresholds: options.thresholds ?? {} },
  };
}
