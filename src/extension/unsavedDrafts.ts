import type { Memento } from 'vscode';
import type { EditorUnsaved } from '../engine/panels.ts';
import type { VersionTarget } from './targets.ts';

/** What a panel held that was never saved. */
export type UnsavedDraft = EditorUnsaved & { at: string };

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
