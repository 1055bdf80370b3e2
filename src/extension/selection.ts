import { createEmitter, type Disposable } from '../shared/events.ts';
import type { PromptTarget } from './targets.ts';

/** The prompt a person looks at: the last one selected in a view or shown in a panel. */
export type Selection = {
  current(): (PromptTarget & { vault: string }) | undefined;
  set(target: PromptTarget & { vault: string }): void;
  clear(): void;
  /** All rows selected in the view last used: what a key means, which names nothing itself. */
  rows(): readonly PromptTarget[];
  setRows(rows: readonly PromptTarget[]): void;
  onDidChange(listener: () => void): Disposable;
};

export function createSelection(): Selection {
  const changed = createEmitter<void>();
  let current: (PromptTarget & { vault: string }) | undefined;
  let rows: readonly PromptTarget[] = [];
  return {
    rows: () => rows,
    setRows(next) {
      rows = next;
    },
    current: () => current,
    set({ vault, path, version }) {
      const same = current?.vault === vault && current.path === path && current.version === version;
      if (same) return;
      current = { vault, path, ...(version && { version }) };
      changed.fire();
    },
    clear() {
      if (!current) return;
      current = undefined;
      changed.fire();
    },
    onDidChange: changed.on,
  };
}
