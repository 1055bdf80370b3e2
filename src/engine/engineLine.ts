import { type ChildProcess, fork } from 'node:child_process';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { onEvent, serveCalls } from '../shared/rpc.ts';
import type { EngineHost } from './engine.ts';
import { hostHandlers } from './hostCalls.ts';

/** One engine process and the connection to it. The connection is disposed, and its open calls reject, once the process ends. */
export type EngineLine = {
  connection: MessageConnection;
  /** Ends the process: its channel closes, it settles what it does and exits. Killed when that takes more than 5 s. */
  stop(): Promise<void>;
};
const stopLimitMs = 5000;
export type EngineLineOptions = {
  modulePath: string;
  host: EngineHost;
  log(line: string): void;
  onEvent(name: string, value: unknown): void;
  /** Once, however it ended; `reason` is for people. */
  onExit(reason: string): void;
};

export function startEngineLine({ modulePath, host, log, ...tell }: EngineLineOptions): EngineLine {
  const child = fork(modulePath, [], {
    // In VS Code's desktop the executable is Electron, which this turns into a plain Node.
    env: process.versions.electron ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env,
    // None of the parent's: a debugger's port would stop the child, `-e` would run the parent's script again.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  onEvent(connection, tell.onEvent);
  serveCalls(connection, hostHandlers(connection, host));
  connection.listen();
  // What an IPC channel fails to send is lost with the process; the exit tells.
  connection.onError(() => undefined);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => log(text.trimEnd()));
  }
  log(`The engine process ${child.pid} started`);
  let ended = false;
  let stopping = false;
  const end = (reason: string) => {
    if (ended) return;
    ended = true;
    connection.dispose();
    tell.onExit(reason);
  };
  child.on('exit', (code, signal) => end(signal ? `killed by ${signal}` : `exit code ${code}`));
  child.on('error', (error) => end(error.message));
  // A process that lives on without its channel can no longer be asked or told anything.
  child.on('disconnect', () => {
    if (!stopping) child.kill();
  });
  return {
    connection,
    async stop() {
      stopping = true;
      await stopChild(child);
    },
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await exited;
  clearTimeout(timer);
}
