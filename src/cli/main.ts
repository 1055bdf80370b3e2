import type { Writable } from 'node:stream';
import { exits } from './exitCodes.ts';
import { runCli } from './runCli.ts';

/** The process: its streams, Ctrl+C and exit status around one call. */
export async function main(): Promise<void> {
  const interrupt = new AbortController();
  process.on('SIGINT', () => {
    // The second time the person means it.
    if (interrupt.signal.aborted) process.exit(exits.interrupted);
    interrupt.abort();
  });
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const { stdin, stdout, stderr, env } = process;
  const io = { stdin, stdout, stderr, env, cwd: process.cwd() };
  const exit = await runCli(process.argv.slice(2), io, interrupt.signal);
  await Promise.all([flushed(stdout), flushed(stderr)]);
  // Idle connections to model servers would keep the process alive for seconds.
  process.exit(exit);
}

/** `promptvault list | head -1` closes the pipe early, which is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored) resolve();
    else stream.write('', () => resolve());
  });
}
