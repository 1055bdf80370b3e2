import type { Evidence } from '../lab/evidence.ts';
import type { VersionInfo } from '../vault/types.ts';
import { formatAgo, formatDay, formatPeriod } from './formatTime.ts';

/** "Priya" of "Priya <priya@example.com>". */
export const personOf = (actor: string): string => actor.replace(/\s*<.*>$/, '');

const firstLine = (text: string) => text.split('\n', 1)[0]!;

/** "edited 5 min ago · Priya" for drafts, the period in production for the others. */
export function versionFacts(info: VersionInfo, now: Date): string {
  const period = formatPeriod(info, now);
  const replaced = info.replacedBy ? ` · Replaced by v${info.replacedBy}` : '';
  return period ? `${period}${replaced}` : `edited ${formatAgo(info.updatedAt, now)} · ${personOf(info.updatedBy)}`;
}

/** "rollback of v2.1", "from v2.2"; null for a first version. */
export function versionOrigin({ rollbackOf, copiedFrom }: VersionInfo): string | null {
  if (rollbackOf) return `rollback of v${rollbackOf}`;
  return copiedFrom ? `from v${copiedFrom}` : null;
}

/** "86 %" of what was judged; null where nothing was. */
export function passRate({ passed, failed }: Evidence): string | null {
  if (passed + failed === 0) return null;
  // 99.6 % is not all of them, and one that passed is not none.
  const share = (100 * passed) / (passed + failed);
  return `${failed === 0 ? 100 : passed === 0 ? 0 : Math.min(99, Math.max(1, Math.round(share)))} %`;
}

/** "86 % passed" of what was judged; errors are said where they are all there is. */
export function passRateText(evidence: Evidence): string {
  const { errors } = evidence;
  const rate = passRate(evidence);
  if (rate) return `${rate} passed`;
  return errors > 0 ? `${errors} error${errors === 1 ? '' : 's'}` : 'nothing judged';
}

/** The last run of exactly this text, in a sentence. */
export function evidenceText(evidence: Evidence, now: Date): string {
  const { at, passed, failed, errors, cells } = evidence;
  return `Last run ${formatDay(at, now)}: ${passed} passed, ${failed} failed, ${errors} errors of ${cells}`;
}

/** All that stands beside a version's number in a row, the most asked for first. */
export function versionLine(info: VersionInfo, { now, evidence }: { now: Date; evidence?: Evidence }): string {
  const author = info.deployedAt ? personOf(info.createdBy) : null;
  const parts = [
    info.labels.join(', '),
    evidence && passRateText(evidence),
    versionFacts(info, now),
    versionOrigin(info),
    author,
    firstLine(info.rationale),
  ];
  return `${info.stage}  ${parts.filter(Boolean).join(' · ')}`;
}
