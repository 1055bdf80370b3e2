import type { PlannedCase } from './planCases.ts';
import type { CaseRow } from './runStore.ts';
import type { Case, Check } from './types.ts';

type Extras = Pick<Case, 'prefix' | 'suffix' | 'threshold' | 'metadata'>;
/** How a case is judged and sent, as a run keeps it: most cases are their checks alone. */
export type StoredRules = Check[] | ({ checks: Check[] } & Extras);

const extras = ['prefix', 'suffix', 'threshold', 'metadata'] as const;

export function storedRules(one: Case): StoredRules {
  const given = extras.filter((name) => one[name] !== undefined);
  if (given.length === 0) return one.checks;
  return { checks: one.checks, ...Object.fromEntries(given.map((name) => [name, one[name]])) };
}

/** A case of a stored run, as it was planned. */
export function plannedCase({ caseId: id, caseKey: key, name, variables, checks }: CaseRow): PlannedCase {
  const rules = Array.isArray(checks) ? { checks } : checks;
  return { id, name, key, variables, ...rules };
}
