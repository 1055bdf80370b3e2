import type { Memento } from 'vscode';
import type { Content } from '../vault/types.ts';
import type { VersionTarget } from './targets.ts';

/** What a panel held that was never saved. `revision` is the one it was typed on. */
export type UnsavedDraft = { content: Content; revision: number; at: string };

/** Panels cannot refuse to close, so their unsaved text is kept here until it is saved or thrown away. */
export type UnsavedDrafts = {
  get(target: VersionTarget): UnsavedDraft | undefined;
  keep(target: VersionTarget, draft: UnsavedDraft): void;
  drop(target: VersionTarget): void;
};

const keyOf = ({ vault = '', path, version }: VersionTarget) => `unsaved ${vault} ${path}@${version}`;

export function createUnsavedDrafts(memory: Memento): UnsavedDrafts {
  return {
    get: (target) => memory.get<UnsavedDraft>(keyOf(target)),
    keep: (target, draft) => void memory.update(keyOf(target), draft),
    drop: (target) => void memory.update(keyOf(target), undefined),
  };
}
