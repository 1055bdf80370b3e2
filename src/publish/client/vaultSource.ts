import type { ExecFileException } from 'node:child_process';
import { ClientError } from './clientTypes.ts';
import { nodeModule } from './platform.ts';
import { type AskSource, type NamedSource, refOf } from './served.ts';

type VaultFile = { vault: string; command?: readonly [string, ...string[]] };

/** Processes at once: each is a whole Node. */
const lanes = 4;

/** A vault's file, asked by `promptvault get --json`, a process for each question. */
export function vaultSource(source: VaultFile, { timeoutMs }: { timeoutMs: number }): NamedSource {
  const { vault, command: [program, ...words] = ['promptvault'] } = source;
  if (typeof vault !== 'string' || vault === '')
    throw new ClientError('INVALID_INPUT', 'source.vault must name the file of a vault', { field: 'source.vault' });
  const inTurn = createLanes();
  const ask: AskSource = (asked) => {
    const { execFile } = nodeModule('node:child_process', 'A vault');
    const args = [...words, 'get', refOf(asked), '--json', '--vault', vault];
    const options = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    return inTurn(
      () =>
        new Promise((resolve, reject) => {
          execFile(program, args, options, (error, stdout) => {
            if (error) return reject(failureOf(error, { stdout, ref: refOf(asked), program, timeoutMs }));
            try {
              resolve({ body: JSON.parse(stdout), etag: null });
            } catch (cause) {
              reject(new ClientError('BAD_ANSWER', `${program} did not print JSON`, {}, cause));
            }
          });
        }),
    );
  };
  return { name: `vault ${vault}`, ask };
}

type Failed = { stdout: string; ref: string; program: string; timeoutMs: number };

function failureOf(error: ExecFileException, { stdout, ref, program, timeoutMs }: Failed): ClientError {
  if (error.killed)
    return new ClientError('TIMEOUT', `${program} gave no answer in ${timeoutMs} ms`, { timeoutMs }, error);
  if (typeof error.code === 'string')
    return new ClientError('UNREACHABLE', `${program} cannot be started: ${error.code}`, {}, error);
  const { code, message } = errorIn(stdout);
  if (code === 'NOT_FOUND')
    return new ClientError('NOT_FOUND', `The vault has nothing released for ${ref}`, { code }, error);
  return new ClientError('REFUSED', `${program} could not answer for ${ref}: ${message}`, { code }, error);
}

function errorIn(stdout: string): { code?: string; message: string } {
  try {
    return (JSON.parse(stdout) as { error: { code: string; message: string } }).error;
  } catch {
    return { message: 'it failed without saying why' };
  }
}

function createLanes() {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (busy === lanes) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      return await work();
    } finally {
      // The lane is handed over, so that nobody who comes meanwhile takes it as well.
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}
