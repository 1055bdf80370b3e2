import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineHost } from '../../src/engine/engine.ts';
import { type EngineClient, type ForkOptions, forkEngine } from '../../src/engine/engineClient.ts';
import { VaultError } from '../../src/shared/errors.ts';
import type { Disposable } from '../../src/shared/events.ts';

/**
 * What VS Code forks. It starts in a tenth of the sources' time; `npm test` builds it before the suites. Only the sources
 * can be measured for coverage.
 */
const module = process.env.NODE_V8_COVERAGE ? '../../src/engine/engineProcess.ts' : '../../dist/engine.js';
export const engineModule = fileURLToPath(new URL(module, import.meta.url));

export type Workplace = {
  folder: string;
  file: string;
  fork(options?: Partial<ForkOptions>): Promise<TestEngine>;
  clean(): Promise<void>;
};
/** An engine process and its number, to end it by. */
export type TestEngine = EngineClient & { pids: number[] };

export const noHost: EngineHost = {
  connection: async () => ({}),
  prices: async () => ({}),
};

/** A folder with a vault's place in it; engines forked here are closed by `clean`. */
export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-engine-'));
  const file = join(folder, '.promptvault', 'vault.db');
  const engines: EngineClient[] = [];
  return {
    folder,
    file,
    async fork(options = {}) {
      const pids: number[] = [];
      const log = (line: string) => {
        const pid = /^The engine process (\d+) started/.exec(line)?.[1];
        if (pid) pids.push(Number(pid));
        options.log?.(line);
      };
      const given = {
        modulePath: engineModule,
        file,
        actor: 'Ada <ada@example.org>',
        mode: 'create' as const,
        host: noHost,
        backups: join(folder, 'backups'),
      };
      const engine = await forkEngine({ ...given, ...options, log });
      engines.push(engine);
      return Object.assign(engine, { pids });
    },
    async clean() {
      await Promise.all(engines.map((engine) => engine.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Listen<T> = (listener: (value: T) => void) => Disposable;

/** The next event that fits; rejects after `limitMs`. */
export function nextEvent<T>(on: Listen<T>, fits: (value: T) => boolean = () => true, limitMs = 5000): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`No such event within ${limitMs} ms`));
    }, limitMs);
    const subscription = on((value) => {
      if (!fits(value)) return;
      clearTimeout(late);
      subscription.dispose();
      resolve(value);
    });
  });
}

/** For `assert.rejects`: one of our errors with this code. */
export const failsWith = (code: string) => (error: unknown) => {
  if (error instanceof VaultError && error.code === code) return true;
  throw error;
};

export function nextRestart(engine: EngineClient): Promise<void> {
  return nextEvent<undefined>((listener) => engine.onDidRestart(() => listener(undefined)));
}
