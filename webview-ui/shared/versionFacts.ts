import type { VersionInfo } from '../../src/vault/types.ts';
import { formatDate, formatPeriod } from './format.ts';

type Dated = Pick<VersionInfo, 'stage' | 'deployedAt' | 'retiredAt' | 'replacedBy'>;

/** When a version was in production, in words; null when it never was. `now` ends a period that still runs. */
export function productionPeriod(version: Dated, now: Date): string | null {
  const { deployedAt, retiredAt, replacedBy } = version;
  if (!deployedAt) return null;
  if (!retiredAt)
    return `In production since ${formatDate(deployedAt)} (${formatPeriod(deployedAt, now.toISOString())})`;
  const thisYear = [deployedAt, retiredAt].every((iso) => new Date(iso).getFullYear() === now.getFullYear());
  const year = { year: thisYear ? 'never' : 'always' } as const;
  const period = `In production ${formatDate(deployedAt, year)} → ${formatDate(retiredAt, year)} (${formatPeriod(deployedAt, retiredAt)})`;
  return replacedBy ? `${period} · replaced by v${replacedBy}` : period;
}

/** Where a version comes from: `copied from v2.2`, `rollback of v2.1`; null for a first version. */
export function originOf(version: Pick<VersionInfo, 'copiedFrom' | 'rollbackOf'>): string | null {
  if (version.rollbackOf) return `rollback of v${version.rollbackOf}`;
  return version.copiedFrom ? `copied from v${version.copiedFrom}` : null;
}
