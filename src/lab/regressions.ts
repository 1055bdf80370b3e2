import { createBreath } from './breathe.ts';
import { type GridSize, indexOf } from './cellAddress.ts';
import { scoreOf } from './cellScore.ts';
import type { Column } from './columns.ts';
import type { Compared } from './comparison.ts';
import { judgeAnswer } from './judgeAnswer.ts';
import type { PlannedCase } from './planCases.ts';
import type { RunPlan } from './planRun.ts';
import type { RegexMatcher } from './regexMatcher.ts';
import type { RunStore } from './runStore.ts';
import type { StoredBaseline, TestedVersion } from './schema.ts';
import type { Cell, Regression } from './types.ts';

type Verdict = 'pass' | 'fail' | 'error';
type Plan = Pick<RunPlan, 'baseline' | 'cases' | 'repeat'> & {
  versions: readonly TestedVersion[];
  models: readonly Pick<Column, 'name' | 'key'>[];
};
export type CompareDeps = { store: Pick<RunStore, 'evidence'>; seq: number; regex: RegexMatcher };
export type Comparison = { baseline: StoredBaseline | null; regressions: Regression[] };

/**
 * Compares each version with the baseline, case by case and model by model. The baseline's cells are this run's when it is
 * among the versions, else its content's newest stored ones, judged by the checks of today: those of then may have asked
 * for something else. What a person said of a cell counts above the checks.
 */
export async function compareWithBaseline(plan: Plan, cells: readonly Cell[], deps: CompareDeps): Promise<Comparison> {
  const { baseline } = plan;
  if (!baseline) return { baseline: null, regressions: [] };
  const regressions: Regression[] = [];
  const breathe = createBreath();
  let compared = 0;
  let missing = 0;
  for (const model of plan.models.keys()) {
    for (const caseIndex of plan.cases.keys()) {
      await breathe();
      const found = await comparePair(plan, cells, { ...deps, model, case: caseIndex });
      if (found === null) missing += 1;
      else compared += 1;
      regressions.push(...(found ?? []));
    }
  }
  return { baseline: { ...baseline, compared, missing }, regressions };
}

/** The regressions of one case with one model; null when the baseline has nothing to compare with. */
export async function comparePair(
  plan: Plan,
  cells: readonly Cell[],
  { model, case: caseIndex, ...deps }: CompareDeps & { model: number; case: number },
): Promise<Regression[] | null> {
  const { baseline } = plan;
  if (!baseline) return null;
  const at = { model, case: caseIndex, size: sizeOf(plan) };
  const own = plan.versions.findIndex(({ hash }) => hash === baseline.hash);
  const one = plan.cases[caseIndex]!;
  const { name, key } = plan.models[model]!;
  const before =
    own >= 0
      ? worstOf(repeats(cells, { ...at, version: own }))
      : await storedVerdict(one, { hash: baseline.hash, model: key, ...deps });
  if (before !== 'pass') return before === null ? null : [];
  return plan.versions.flatMap(({ path, version, hash }, index) => {
    const now = worstOf(repeats(cells, { ...at, version: index }));
    if (hash === baseline.hash || now === null || now === 'pass') return [];
    return [{ case: one.id, model: name, path, version, baseline: 'pass' as const, now }];
  });
}

const sizeOf = ({ versions, models, cases, repeat }: Plan): GridSize => ({
  versions: versions.length,
  models: models.length,
  cases: cases.length,
  repeat,
});

type At = { version: number; model: number; case: number; size: GridSize };

function repeats(cells: readonly Cell[], { size, ...place }: At): readonly Cell[] {
  const from = indexOf({ ...place, repeat: 0 }, size);
  return cells.slice(from, from + size.repeat);
}

/** One verdict for all repeats: the worst. Null when none came to an end. */
function worstOf(cells: readonly { status: Cell['status'] }[]): Verdict | null {
  const worst = (['error', 'fail', 'pass'] as const).find((verdict) => cells.some(({ status }) => status === verdict));
  return worst ?? null;
}

type Stored = CompareDeps & { hash: string; model: string };
type StoredCell = Compared & { status: Verdict };

/** What the newest stored cells of a content say of a case today, one per repeat; none when it never met the case. `model` is a column's key. */
export async function storedCells(one: PlannedCase, { hash, model, store, seq, regex }: Stored): Promise<StoredCell[]> {
  const rows = store.evidence({ hash, model, caseKey: one.key, beforeSeq: seq });
  return Promise.all(rows.map((row) => judgedToday(one, row, regex)));
}

/** One verdict for all of them; null when there are none. */
export async function storedVerdict(one: PlannedCase, stored: Stored): Promise<Verdict | null> {
  return worstOf(await storedCells(one, stored));
}

type StoredRow = ReturnType<CompareDeps['store']['evidence']>[number];

async function judgedToday(one: PlannedCase, { cell, mark }: StoredRow, regex: RegexMatcher): Promise<StoredCell> {
  const { costUsd, latencyMs } = cell;
  // It took its time on another day, as any answer that is not called for.
  const known = { costUsd, latencyMs, cached: true };
  if (cell.status === 'error') return { ...known, status: mark ?? 'error' };
  const { judged, checks, error } = await judgeAnswer({ case: one }, cell, { regex });
  // Where only a judge could tell, what it said then counts: comparing asks nobody.
  const verdict = error ? (cell.status === 'fail' ? 'fail' : 'pass') : (judged as Verdict);
  return { ...known, status: mark ?? verdict, score: scoreOf(error ? cell.checks : checks) };
}
