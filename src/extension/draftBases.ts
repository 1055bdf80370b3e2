/** Memory that outlives the window: a document restored unsaved after a restart stands on what it was typed over. */
type Memory = { get<T>(key: string): T | undefined; update(key: string, value: unknown): PromiseLike<void> };
/** A document as an editor holds it. */
export type Typed = { text: string; dirty: boolean };
export type Stored = { text: string; revision: number };

/**
 * Which revision the text in each editor stands on. Reading alone does not move it, since anybody may read a file while
 * somebody types over an older state of it: the editor must hold the text that was read.
 */
export type DraftBases = {
  of(key: string): number | undefined;
  /** A text was handed out; `open` is what an editor holds of it, if one does. */
  read(key: string, stored: Stored, open: Typed | undefined): void;
  changed(key: string, open: Typed): void;
  /** The editor's text was saved as that revision, or the person has seen it and decided. */
  accept(key: string, revision: number): void;
  /** The person has been shown the text that was handed out last. */
  seen(key: string): void;
  forget(key: string): void;
};

const remembered = (key: string) => `draft base ${key}`;

export function createDraftBases(memory: Memory): DraftBases {
  const bases = new Map<string, number>();
  const handed = new Map<string, Stored>();

  const of = (key: string) => bases.get(key) ?? memory.get<number>(remembered(key));

  function keep(key: string, revision: number | undefined): void {
    if (memory.get(remembered(key)) !== revision) void memory.update(remembered(key), revision);
  }

  return {
    of,
    read(key, stored, open) {
      handed.set(key, stored);
      if (!open || open.text === stored.text) bases.set(key, stored.revision);
    },
    changed(key, { text, dirty }) {
      const last = handed.get(key);
      if (!dirty && last?.text === text) bases.set(key, last.revision);
      keep(key, dirty ? of(key) : undefined);
    },
    accept,
    seen(key) {
      const last = handed.get(key);
      if (last) accept(key, last.revision);
    },
    forget(key) {
      bases.delete(key);
      handed.delete(key);
      keep(key, undefined);
    },
  };

  function accept(key: string, revision: number): void {
    bases.set(key, revision);
    if (memory.get(remembered(key)) !== undefined) keep(key, revision);
  }
}
