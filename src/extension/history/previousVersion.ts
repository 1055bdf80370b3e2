import type { VersionInfo } from '../../vault/types.ts';
import { newestFirst } from '../promptNodes.ts';

/**
 * What a version is a change of: what it was copied from; for a rollback what it took out of production; else the number
 * below it. Undefined for the first.
 */
export function previousVersion(versions: readonly VersionInfo[], info: VersionInfo): VersionInfo | undefined {
  const called = (number: string | null) => versions.find(({ version }) => version === number);
  const replaced = info.rollbackOf ? versions.find(({ replacedBy }) => replacedBy === info.version) : undefined;
  const ordered = newestFirst(versions);
  const below = ordered[ordered.findIndex(({ version }) => version === info.version) + 1];
  return replaced ?? called(info.copiedFrom) ?? below;
}
