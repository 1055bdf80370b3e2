/** Counts up in a vault through the command line's own code, call after call in one process; answers what it was told. */
import { PassThrough, Readable, Writable } from 'node:stream';
import { exits } from '../../src/cli/exitCodes.ts';
import { runCli } from '../../src/cli/runCli.ts';
import { type CountOrder, countUpTo, type Tally } from './countTogether.ts';

async function call<T>(args: string[], stdin = ''): Promise<{ exit: number; json: T }> {
  let out = '';
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  const io = { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr: new PassThrough(), cwd: process.cwd() };
  const env = { ...process.env, PROMPTVAULT_ACTOR: `cli ${process.pid}` };
  const exit = await runCli([...args, '--json'], { ...io, env }, new AbortController().signal);
  return { exit, json: JSON.parse(out) as T };
}

process.on('message', async ({ file, ...order }: CountOrder & { file: string }) => {
  const tally: Tally = await countUpTo(order, {
    async read(path) {
      const { json } = await call<{ revision: number; messages: { content: string }[] }>([
        'show',
        path,
        '--vault',
        file,
      ]);
      return { revision: json.revision, text: json.messages[0]?.content ?? '' };
    },
    async write(path, text, expectRevision) {
      const guard = expectRevision === undefined ? [] : ['--expect-revision', String(expectRevision)];
      const { exit, json } = await call<{ revision: number; error?: { code: string } }>(
        ['edit', path, ...guard, '--vault', file],
        text,
      );
      return exit === exits.done ? json.revision : (json.error?.code ?? `exit ${exit}`);
    },
  });
  process.send?.(tally, () => process.exit(0));
});
