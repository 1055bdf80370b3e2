import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shimNativeModules } from './nativeShims.ts';
import { installTool } from './npmTool.ts';

/** The real VS Code server with its web workbench, as npm carries it. */
export type VsCodeServer = {
  /** `127.0.0.1:port` */
  authority: string;
  /** Holds `user/User/settings.json`, `extensions/`, `user/logs/` and `server.log`. */
  state: string;
  close(): Promise<void>;
};

export type ServerOptions = {
  state: string;
  port?: number;
  flags?: string[];
  /** The user the server runs as; this process's own unless told. */
  uid?: number;
};

/** Starts a server that keeps everything in `state`; without a port it takes a free one. */
export async function startServer({ state, port = 0, flags = forTests, uid }: ServerOptions): Promise<VsCodeServer> {
  await mkdir(state, { recursive: true });
  const env = { ...process.env, XDG_STATE_HOME: join(state, 'programs'), ...(uid !== undefined && { HOME: state }) };
  const server = spawn(
    process.execPath,
    [await serverMain(), '--host', '127.0.0.1', '--port', String(port), ...open, ...flags, ...folders(state)],
    { stdio: ['ignore', 'pipe', 'pipe'], uid, env },
  );
  const kill = () => server.kill();
  process.once('exit', kill);
  server.once('exit', () => process.off('exit', kill));
  const log = createWriteStream(join(state, 'server.log'));
  server.stdout.pipe(log);
  server.stderr.pipe(log);
  return { authority: `127.0.0.1:${await listeningPort(server)}`, state, close: () => stop(server) };
}

const driver = '--enable-smoke-test-driver';
const forTests = [driver, '--disable-workspace-trust'];
/** Folders are not trusted before a person says so. */
export const distrustful = [driver];
const open = ['--without-connection-token', '--accept-server-license-terms', '--disable-telemetry'];

function folders(state: string): string[] {
  return [
    '--server-data-dir',
    state,
    '--user-data-dir',
    join(state, 'user'),
    '--extensions-dir',
    join(state, 'extensions'),
  ];
}

/** Installs a VSIX into the extensions of a server that has the same state folder. */
export async function installVsix(vsix: string, state: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    await serverMain(),
    ...folders(state),
    '--accept-server-license-terms',
    '--install-extension',
    vsix,
    '--force',
  ]);
  return stdout;
}

async function serverMain(): Promise<string> {
  const inner = 'code-server/lib/vscode';
  const prepare = (folder: string) => shimNativeModules(join(folder, 'node_modules', inner, 'node_modules'));
  const packages = ['code-server@4.139.1'];
  const folder = await installTool({ name: 'server', packages, revision: 1, inner: [inner], prepare });
  return join(folder, 'node_modules', inner, 'out/server-main.js');
}

function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', (code) =>
      reject(new Error(`The VS Code server ended with ${code} before it listened:\n${output}`)),
    );
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  const children = await childrenOf(server.pid!);
  server.kill();
  const patience = setTimeout(() => server.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(patience);
  // An extension host whose server and log files are gone may go round in circles for hours.
  for (const child of children) endProcess(child);
  server.stdout?.destroy();
  server.stderr?.destroy();
}

/** The processes that a process started; none where there is no `ps`. */
async function childrenOf(parent: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']).catch(() => ({ stdout: '' }));
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid, ppid]) => (pid && ppid === parent ? [pid] : []));
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Removes a folder that processes just ended may still have written into. What cannot go is left to the system's own cleaning. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }).catch((error: Error) =>
    console.error(`${folder} could not be removed: ${error.message}`),
  );
}
