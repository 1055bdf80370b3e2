import type { Engine, VaultChange } from '../engine/engine.ts';

/** The vault as a server of many requests sees it: opened by the first that needs it, asked for again while there is none. */
export type VaultHold = { engine(): Promise<Engine>; close(): Promise<void> };

export function holdVault(open: () => Promise<Engine>, onDidChange: (change: VaultChange) => void): VaultHold {
  let opening: Promise<Engine> | undefined;
  async function start(): Promise<Engine> {
    try {
      const engine = await open();
      engine.onDidChange(onDidChange);
      // Somebody waits for what is told of changes: they are looked for four times a second.
      await engine.setFocused({ focused: true });
      return engine;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }
  return {
    engine() {
      opening ??= start();
      return opening;
    },
    async close() {
      const engine = await opening?.catch(() => undefined);
      await engine?.close();
    },
  };
}
