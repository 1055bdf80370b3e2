import { type GridSize, indexOf } from './cellAddress.ts';
import { judgeAll } from './checks.ts';
import { gridOf, type PlannedCase, type RunPlan } from './planRun.ts';
import type { RegexMatcher } from './regexWorker.ts';
import type { CellRow, RunStore } from './runStore.ts';
import type { StoredBaseline } from './schema.ts';
import type { Cell, Regression } from './types.ts';

type Verdict = 'pass' | 'fail' | 'error';
type Deps = { store: Pick<RunStore, 'evidence'>; seq: number; regex: RegexMatcher };
export type Comparison = { baseline: StoredBaseline | null; regressions: Regression[] };

/**
 * Compares each version with the baseline, case by case and model by model. The baseline's cells are this run's when it is
 * among the versions, else its content's newest stored ones, judged by the checks of today: those of then may have asked
 * for something else.
 */
export async function compareWithBaseline(plan: RunPlan, cells: readonly Cell[], deps: Deps): Promise<Comparison> {
  const { baseline } = plan;
  if (!baseline) return { baseline: null, regressions: [] };
  const size = gridOf(plan);
  const own = plan.versions.findIndex(({ hash }) => hash === baseline.hash);
  const regressions: Regression[] = [];
  let compared = 0;
  let missing = 0;
  for (const [model, { name }] of plan.models.entries()) {
    for (const [caseIndex, one] of plan.cases.entries()) {
      const at = { model, case: caseIndex };
      const before =
        own >= 0
          ? verdictOf(repeats(cells, { ...at, version: own, size }))
          : await storedVerdict(one, { hash: baseline.hash, model: name, ...deps });
      if (before === null) missing += 1;
      else compared += 1;
      if (before !== 'pass') continue;
      for (const [version, { path, version: number, hash }] of plan.versions.entries()) {
        const now = verdictOf(repeats(cells, { ...at, version, size }));
        if (hash === baseline.hash || now === null || now === 'pass') continue;
        regressions.push({ case: one.id, model: name, path, version: number, baseline: 'pass', now });
      }
    }
  }
  return { baseline: { ...baseline, compared, missing }, regressions };
}

type At = { version: number; model: number; case: number; size: GridSize };

function repeats(cells: readonly Cell[], { size, ...place }: At): readonly Cell[] {
  const from = indexOf({ ...place, repeat: 0 }, size);
  return cells.slice(from, from + size.repeat);
}

/** One verdict for all repeats: the worst. Null when none came to an end. */
function verdictOf(cells: readonly { status: Cell['status'] }[]): Verdict | null {
  const worst = (['error', 'fail', 'pass'] as const).find((verdict) => cells.some(({ status }) => status === verdict));
  return worst ?? null;
}

type Stored = Deps & { hash: string; model: string };

async function storedVerdict(one: PlannedCase, { hash, model, store, seq, regex }: Stored): Promise<Verdict | null> {
  const rows = store.evidence({ hash, model, caseKey: one.key, beforeSeq: seq });
  return verdictOf(await Promise.all(rows.map((row) => judgeAgain(row, one, regex))));
}

async function judgeAgain(row: CellRow, one: PlannedCase, regex: RegexMatcher): Promise<{ status: Cell['status'] }> {
  if (row.status === 'error') return row;
  const { latencyMs, costUsd, cached } = row;
  const { pass } = await judgeAll(one.checks, row.output, { latencyMs, costUsd, cached, regex });
  return { status: pass ? 'pass' : 'fail' };
}
