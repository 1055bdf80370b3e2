import { type ChildProcess, spawn } from 'node:child_process';

/** What came of a job: its answer, or why it was stopped. */
export type KillableAnswer<Answer> = Answer | { stopped: string };
/**
 * A process that can be killed, for work whose time and memory nobody knows: in the engine's own it would hold up
 * everything, and a thread that runs out of memory takes its whole process along.
 */
export type KillableProcess<Job, Answer> = {
  /** One job after the other. Never rejects. */
  run(job: Job): Promise<KillableAnswer<Answer>>;
  close(): Promise<void>;
};
/**
 * `answer` is the source of a function from a job to its answer, both plain JSON; as text it runs the same from source and
 * from a bundle, where there is no file to start a process from. It may call `require`. It has `milliseconds` per job
 * once it began.
 */
export type KillableWork = { answer: string; milliseconds: number };

const memoryMb = 128;
/** Of the environment: what lets VS Code's own program run as Node, and what Windows starts nothing without. No key. */
const needed = ['ELECTRON_RUN_AS_NODE', 'SystemRoot'];

/** The limit inside is for a process whose parent was killed meanwhile: nobody else would stop it. */
const sourceOf = ({ answer, milliseconds }: KillableWork) => `
const answer = ${answer};
const work = new (require('node:vm').Script)('run()');
process.on('message', (job) => {
  process.send({ started: true });
  globalThis.run = () => answer(job);
  try {
    process.send({ answer: work.runInThisContext({ timeout: ${milliseconds * 2} }) });
  } catch (error) {
    process.send({ thrown: error.message });
  }
});
process.send({ ready: true });
`;
type Told<Answer> = { started: true } | { answer: Answer } | { thrown: string };

/** One process, started at the first job, replaced when it had to be stopped. It ends with its parent, and an idle one lets it end. */
export function createKillableProcess<Job, Answer>(work: KillableWork): KillableProcess<Job, Answer> {
  let child: Promise<ChildProcess> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const runNext = async (job: Job): Promise<KillableAnswer<Answer>> => {
    try {
      child ??= start(sourceOf(work));
      const answer = await ask<Answer>(await child, job, work.milliseconds);
      if (isStopped(answer)) child = undefined;
      return answer;
    } catch (error) {
      child = undefined;
      return { stopped: `its process did not start: ${(error as Error).message}` };
    }
  };

  return {
    run(job) {
      const answer = queue.then(() => runNext(job));
      queue = answer;
      return answer;
    },
    async close() {
      await queue;
      (await child)?.kill('SIGKILL');
      child = undefined;
    },
  };
}

const isStopped = (answer: unknown): answer is { stopped: string } =>
  typeof answer === 'object' && answer !== null && 'stopped' in answer;

function start(source: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${memoryMb}`, '-e', source], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.includes(name))),
      windowsHide: true,
    });
    child.once('message', () => {
      idle(child);
      resolve(child);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

/** While it idles, this process may end. */
function idle(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function ask<Answer>(child: ChildProcess, job: unknown, milliseconds: number): Promise<KillableAnswer<Answer>> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (answer: KillableAnswer<Answer>) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      idle(child);
      resolve(answer);
    };
    const stop = (reason: string) => {
      child.kill('SIGKILL');
      settle({ stopped: reason });
    };
    const onMessage = (told: Told<Answer>) => {
      if ('answer' in told) return settle(told.answer);
      if ('thrown' in told) return stop(told.thrown);
      // Counted from the work itself: a busy machine must not stop what is harmless.
      timer = setTimeout(() => stop(`it ran longer than ${milliseconds} ms`), milliseconds);
    };
    const onExit = () => stop(`it needed more than ${memoryMb} MB, or was ended`);
    if (child.exitCode !== null || child.signalCode !== null) return onExit();
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.ref();
    child.channel?.ref();
    child.send(job as object, (error) => {
      if (error) onExit();
    });
  });
}
