/** Snapshots of an immutable value. Changes of the same `key` within a second are one step. */
export type UndoStack<T> = {
  record(before: T, key: string, now: number): void;
  undo(current: T): T | null;
  redo(current: T): T | null;
  /** What comes next is a step of its own: something was saved. */
  seal(): void;
  canUndo(): boolean;
  canRedo(): boolean;
  clear(): void;
};

const limit = 200;
const together = 1000;

export function createUndoStack<T>(): UndoStack<T> {
  let past: T[] = [];
  let future: T[] = [];
  let last = { key: '', at: Number.NEGATIVE_INFINITY };
  const forget = () => {
    last = { key: '', at: Number.NEGATIVE_INFINITY };
  };
  return {
    record(before, key, now) {
      if (key !== last.key || now - last.at > together) past = [...past.slice(-limit + 1), before];
      last = { key, at: now };
      future = [];
    },
    undo(current) {
      const previous = past.pop();
      if (previous === undefined) return null;
      future.push(current);
      forget();
      return previous;
    },
    redo(current) {
      const next = future.pop();
      if (next === undefined) return null;
      past.push(current);
      forget();
      return next;
    },
    seal: forget,
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    clear() {
      past = [];
      future = [];
      forget();
    },
  };
}
