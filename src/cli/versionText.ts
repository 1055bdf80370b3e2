import type { Message, VersionInfo, VersionRecord } from '../vault/types.ts';
import { plainLine, plainText } from './plainText.ts';
import { fields, table } from './table.ts';

/** `Saved support/triage v2.3 (DEV, revision 4)`. */
export function versionLine({ path, version, stage, revision }: VersionInfo, verb: string): string {
  return `${verb} ${plainLine(path)} v${version} (${stage}, revision ${revision})`;
}

/** Messages under a line with their role each. */
export function messagesText(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `[${role}]\n${plainText(content)}`).join('\n\n');
}

/** One version whole. */
export function versionText(record: VersionRecord): string {
  const { path, title, description, version, stage, revision, hash, tags, settings, variables, messages } = record;
  const head = fields([
    ['prompt', path],
    ['title', title],
    ['description', description],
    ['version', `v${version}  ${stage}  revision ${revision}`],
    ['production', productionPeriod(record)],
    ['replaced by', record.replacedBy && `v${record.replacedBy}`],
    ['copied from', record.copiedFrom && `v${record.copiedFrom}`],
    ['rollback of', record.rollbackOf && `v${record.rollbackOf}`],
    ['tags', tags.join(', ')],
    ['labels', record.labels.join(', ')],
    ['rationale', record.rationale],
    ['changed', `${shortTime(record.updatedAt)} by ${record.updatedBy}`],
    ['hash', hash],
    ['settings', Object.keys(settings).length > 0 ? JSON.stringify(settings) : ''],
  ]);
  const rows = variables.map(({ name, default: fallback, description: about }) => [name, fallback, about]);
  const declared = rows.length > 0 ? `\n\n${table(['variable', 'default', 'description'], rows)}` : '';
  return `${head}${declared}\n\n${messagesText(messages)}`;
}

/** `2026-12-01 10:00:05 → 2026-12-15 09:30:00`; an open end is production now. */
export function productionPeriod({ deployedAt, retiredAt }: Pick<VersionInfo, 'deployedAt' | 'retiredAt'>): string {
  if (!deployedAt) return '';
  return `${exactTime(deployedAt)} → ${retiredAt ? exactTime(retiredAt) : 'now'}`;
}

/** UTC, to the second. */
export function exactTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** UTC, to the minute. */
export function shortTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
