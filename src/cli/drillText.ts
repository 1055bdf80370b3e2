import type { RollbackDrill, VersionInfo } from '../vault/types.ts';
import { changeLines } from './changeText.ts';
import { plainLine } from './plainText.ts';
import { fields } from './table.ts';

/** The command that goes back to a version. */
export const rollbackCommand = (path: string, to: string) =>
  `promptvault rollback ${plainLine(path)} --to ${to} --reason "…"`;

/** How a rollback is undone, or nothing when nothing was in production before it. */
export function undoText(served: VersionInfo, versions: readonly VersionInfo[]): string {
  const retired = versions.find(({ replacedBy }) => replacedBy === served.version);
  return retired ? `\nUndo: ${rollbackCommand(served.path, retired.version)}` : '';
}

/** What a rehearsal found, for a person. */
export function drillText({ path, to, from, served, changes, ...times }: RollbackDrill): string {
  const ms = (value: number) => `${value} ms`;
  const rows = fields([
    ['would serve', `v${served.version} with the content of v${to}, ${served.hash}`],
    ['would retire', from && `v${from}`],
    ['took', `${ms(times.totalMs)}: copy ${ms(times.copyMs)}, rollback ${ms(times.rollbackMs)}`],
    ['for real', rollbackCommand(path, to)],
    ['undo then', from && rollbackCommand(path, from)],
  ]);
  const lines = changes ? changeLines(changes, 'words').map((line) => `  ${line}`) : [];
  const what = changes?.same ? 'Production would say the same.' : 'Production would change:';
  const change = changes ? `\n\n${[what, ...lines].join('\n')}` : '';
  return `Rehearsed a rollback of ${plainLine(path)} on a copy; nothing was changed.\n\n${rows}${change}`;
}
