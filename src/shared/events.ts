/** Something that must be given back. */
export type Disposable = { dispose(): void };

/** A list of listeners: `on` adds one, `fire` tells all. A listener that throws does not stop the others. */
export type Emitter<T> = { on(listener: (value: T) => void): Disposable; fire(value: T): void };

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    fire(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
