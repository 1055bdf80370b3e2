import { VaultError } from '../shared/errors.ts';
import { createEmitter, type Disposable, type Emitter } from '../shared/events.ts';
import { callRemote } from '../shared/rpc.ts';
import type { Engine, EngineEvents, OpenEngineOptions, VaultChange } from './engine.ts';
import { type EngineLine, startEngineLine } from './engineLine.ts';
import { engineEvents, engineMethods } from './engineMethods.ts';
import type { OpenMessage } from './engineProcess.ts';

/** An engine in a process of its own. */
export type EngineClient = Engine & {
  /** The process ended and a new one took its place. Calls that were open failed with ENGINE_GONE; listeners stay. */
  onDidRestart(listener: () => void): Disposable;
  /** The process ended and stays down: all calls fail from now on with this error. */
  onDidDie(listener: (error: VaultError) => void): Disposable;
};
export type ForkOptions = Omit<OpenEngineOptions, 'afterSeq'> & {
  /** `dist/engine.js`. */
  modulePath: string;
  /** The vault. */
  file: string;
  /** Lines for a log: what the process prints, and how it ended. */
  log?(line: string): void;
};

/** Two ends of the process within this time and it stays down: something is wrong that a restart does not mend. */
const restartWindowMs = 60_000;

/**
 * Opens a vault in an engine process of its own. Rejects with what opening it there fails with (FILE_NOT_FOUND, FOREIGN,
 * NEWER, DAMAGED …). A process that ends unasked is started again once a minute at most; nothing ever waits for a dead one.
 */
export async function forkEngine(options: ForkOptions): Promise<EngineClient> {
  const log = options.log ?? (() => undefined);
  const emitters = Object.fromEntries(engineEvents.map((name) => [name, createEmitter<unknown>()]));
  const restarted = createEmitter<void>();
  const died = createEmitter<VaultError>();
  let lastSeq: number | undefined;
  let focused = true;
  let lastEnd = Number.NEGATIVE_INFINITY;
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let failure: VaultError | undefined;
  let current = start(options.mode ?? 'write');

  async function start(mode: OpenMessage['mode']): Promise<EngineLine> {
    const line = startEngineLine({
      modulePath: options.modulePath,
      host: options.host,
      log,
      onEvent: (name, value) => {
        if (name === 'onDidChange') lastSeq = (value as VaultChange).events.at(-1)?.seq ?? lastSeq;
        if (Object.hasOwn(emitters, name)) (emitters[name] as Emitter<unknown>).fire(value);
      },
      onExit: ended,
    });
    const { file, actor, host, backups } = options;
    const message: OpenMessage = {
      file,
      actor,
      mode,
      backups,
      editorModels: Boolean(host.editorModels),
      afterSeq: lastSeq,
      focused,
    };
    try {
      const info = (await callRemote(line.connection, 'open', message)) as { lastSeq: number };
      lastSeq ??= info.lastSeq;
      return line;
    } catch (error) {
      await line.stop();
      throw error;
    }
  }

  function ended(reason: string): void {
    if (state !== 'open') return;
    log(`The engine process ended: ${reason}`);
    const again = performance.now() - lastEnd < restartWindowMs;
    lastEnd = performance.now();
    if (again) {
      die(gone(`The engine process ended twice within a minute (${reason}) and was left down. Saved work is safe`));
      return;
    }
    current = start('write');
    current.then(() => restarted.fire(), die);
  }

  function die(error: VaultError): void {
    if (failure || state !== 'open') return;
    failure = error;
    log(`The engine stays down: ${error.message}`);
    died.fire(error);
  }

  async function call(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    if (state === 'closed') throw gone('The engine was closed');
    // A copy, so that the stack shows who asked.
    if (failure) throw new VaultError(failure.code, failure.message, failure.details, failure);
    const line = await current;
    return callRemote(line.connection, method, params, signal);
  }

  async function close(): Promise<void> {
    if (state === 'closed') return;
    state = 'closed';
    const line = await current.catch(() => undefined);
    await line?.stop();
  }

  await current;
  state = 'open';
  const methods = engineMethods.map((name) => [
    name,
    (first?: unknown, signal?: AbortSignal) =>
      first instanceof AbortSignal ? call(name, {}, first) : call(name, first, signal),
  ]);
  const listeners = engineEvents.map((name) => [name, (emitters[name] as Emitter<unknown>).on]);
  return {
    ...(Object.fromEntries([...methods, ...listeners]) as Omit<Engine, 'close'> & EngineEvents),
    setFocused(p: { focused: boolean }) {
      focused = p.focused;
      return call('setFocused', p) as Promise<void>;
    },
    close,
    onDidRestart: restarted.on,
    onDidDie: died.on,
  } as EngineClient;
}

const gone = (message: string) => new VaultError('ENGINE_GONE', `${message}. Reload the window to try again.`);
