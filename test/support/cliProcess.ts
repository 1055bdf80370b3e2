import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What people run. It starts in a tenth of the sources' time; `npm test` builds it before the suites. */
export const cliModule = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Nobody's own backups, tokens or notes of what was sent are written. */
const ours = {
  PROMPTVAULT_ACTOR: 'Ada <ada@example.org>',
  PROMPTVAULT_BACKUPS: join(tmpdir(), 'promptvault-test-backups'),
  XDG_STATE_HOME: join(tmpdir(), 'promptvault-test-state'),
};

export type CliOptions = { cwd?: string; env?: NodeJS.ProcessEnv; stdin?: string | Uint8Array; uid?: number };
export type CliResult = { exit: number | null; stdout: string; stderr: string };

/** This process's environment without keys and without anybody's git identity. */
export function cliEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(([name]) => !/(_API_KEY|_BASE_URL)$|^(PROMPTVAULT|GIT)_/.test(name));
  return { ...Object.fromEntries(clean), ...ours, ...more };
}

/** A `promptvault` in a process of its own. */
export function startCli(args: readonly string[], { cwd, env, stdin = '', uid }: CliOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [cliModule, ...args], {
    cwd,
    uid,
    env: cliEnvironment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A verb that does not read leaves the pipe closed.
  child.stdin?.on('error', () => undefined).end(stdin);
  return child;
}

export function finished(child: ChildProcess): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, stdout, stderr }));
  });
}

export const runCli = (args: readonly string[], options?: CliOptions) => finished(startCli(args, options));

/** The one JSON value on stdout; fails when there is anything else. */
export async function jsonOf<T = Record<string, unknown>>(args: readonly string[], options?: CliOptions): Promise<T> {
  const { exit, stdout, stderr } = await runCli([...args, '--json'], options);
  if (exit !== 0 && exit !== 100)
    throw new Error(`promptvault ${args.join(' ')} ended with ${exit}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A folder that is gone after the tests of the surrounding `describe`. */
export function temporaryFolder(): { path(): string } {
  let path = '';
  before(() => {
    path = mkdtempSync(join(tmpdir(), 'promptvault-cli-'));
  });
  after(() => rmSync(path, { recursive: true, force: true }));
  return { path: () => path };
}
