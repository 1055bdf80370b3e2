import type { VersionInfo } from '../../src/vault/types.ts';
import type { MenuItem } from '../shared/menu.ts';

/** A typed count of repeats: a whole number from 1 to 100. */
export function repeatOf(text: string): number {
  const count = Math.floor(Number(text));
  return Number.isFinite(count) ? Math.min(100, Math.max(1, count)) : 1;
}

/** A typed budget in USD; null, no limit, when there is no amount above zero. */
export function budgetOf(text: string): number | null {
  const amount = Number(text.replace(/[$\s]/g, ''));
  return Number.isFinite(amount) && amount > 0 ? amount : null;
}

/** Versions that are not in the run yet. */
export function versionItems(versions: readonly VersionInfo[], refs: readonly string[]): MenuItem[] {
  const mixed = new Set(versions.map(({ path }) => path)).size > 1;
  return versions
    .filter(({ path, version }) => !refs.includes(`${path}@${version}`))
    .map(({ path, version, stage, rationale }) => ({
      value: `${path}@${version}`,
      label: `${mixed ? `${path} ` : ''}v${version} ${stage}`,
      description: rationale || undefined,
    }));
}
