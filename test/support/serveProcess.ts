import { once } from 'node:events';
import { type CliOptions, startCli } from './cliProcess.ts';

export type ServeProcess = {
  url: string;
  /** Everything on stderr until now: the log and what a person is told. */
  stderr(): string;
  /** Ends it as a service manager would; answers its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** A `promptvault serve` in a process of its own, on a free port, once it is ready. */
export async function startServe(args: readonly string[], options: CliOptions): Promise<ServeProcess> {
  const child = startCli(['serve', '--port', '0', '--json', ...args], options);
  let stderr = '';
  let stdout = '';
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdout!.setEncoding('utf8');
  while (!stdout.includes('\n')) {
    const [text] = await Promise.race([once(child.stdout!, 'data'), ended.then(() => [undefined])]);
    if (text === undefined) throw new Error(`promptvault serve ended: ${stdout}${stderr}`);
    stdout += text;
  }
  return {
    url: (JSON.parse(stdout) as { url: string }).url,
    stderr: () => stderr,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}
