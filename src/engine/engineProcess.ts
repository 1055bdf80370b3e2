import { setTimeout as sleep } from 'node:timers/promises';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { VaultError } from '../shared/errors.ts';
import { type Handlers, sendEvent, serveCalls } from '../shared/rpc.ts';
import type { Engine, OpenEngineOptions } from './engine.ts';
import { engineEvents, engineMethods } from './engineMethods.ts';
import { remoteHost } from './hostCalls.ts';
import type { BackUp } from './keepBackups.ts';
import { maintain } from './maintain.ts';
import { type Maintenance, maintenance } from './maintenance.ts';
import { openEngine } from './openEngine.ts';

/** The first call of whoever forked this process. Keys are not in it: they are asked for at each use. */
export type OpenMessage = Pick<OpenEngineOptions, 'actor' | 'mode' | 'afterSeq' | 'backups'> & {
  file: string;
  /** The parent can reach VS Code's own models. */
  editorModels: boolean;
  focused: boolean;
};

/** Work on a vault's file as a whole, in a process that has none open. */
export type MaintainMessage = { name: keyof Maintenance; params: unknown };

// A run that has to be stored before the end gets this long.
const settleMs = 3000;

/** A copy of a large vault takes seconds, in which this process answers. */
const backUpAside: BackUp = (p) => maintain(process.argv[1] ?? '', 'backup', p);

function serveEngine(): void {
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  let engine: Engine | undefined;

  async function open({ file, editorModels, focused, ...options }: OpenMessage) {
    if (engine) throw new VaultError('INTERNAL', 'The engine is open already');
    const opened = await openEngine(file, {
      ...options,
      host: remoteHost(connection, { editorModels }),
      backUp: backUpAside,
      delivers: true,
    });
    for (const name of engineEvents) {
      opened[name]((value: unknown) => sendEvent(connection, name, value));
    }
    await opened.setFocused({ focused });
    engine = opened;
    return opened.info();
  }
  const forward = (name: (typeof engineMethods)[number]) => (params: unknown, signal?: AbortSignal) => {
    if (!engine) throw new VaultError('INTERNAL', 'The engine is not open yet');
    return (engine[name] as (params: unknown, signal?: AbortSignal) => unknown)(params, signal);
  };
  const handlers: Handlers = Object.fromEntries([
    ['open', open],
    ['maintain', ({ name, params }: MaintainMessage) => (maintenance[name] as (p: unknown) => unknown)(params)],
    ...engineMethods.map((name) => [name, forward(name)]),
  ]);

  serveCalls(connection, handlers);
  connection.onError(() => undefined);
  connection.listen();
  // The parent is gone or done: settle what is under way and go too, so that no engine is left behind.
  process.on('disconnect', () => {
    connection.dispose();
    void Promise.race([engine?.close(), sleep(settleMs)]).finally(() => process.exit(0));
  });
}

if (process.send) serveEngine();
else {
  process.stderr.write('This is the engine of PromptVault. It is started by the extension; use promptvault instead.\n');
  process.exitCode = 2;
}
