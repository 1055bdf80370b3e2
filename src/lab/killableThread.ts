import { Worker } from 'node:worker_threads';

/** What came of a job: the thread's answer, or why it was stopped. */
export type ThreadAnswer<Answer> = Answer | { stopped: string };
/** A thread that can be killed, for work whose time nobody knows: in the engine's own it would hold up everything. */
export type KillableThread<Job, Answer> = {
  /** One job after the other. Never rejects. */
  run(job: Job): Promise<ThreadAnswer<Answer>>;
  close(): Promise<void>;
};
/**
 * `answer` is the source of a function from a job to its answer; as text it runs the same from source and from a bundle,
 * where there is no file to start a thread from. It may call `require`. It has `milliseconds` per job once it began.
 */
export type ThreadWork = { answer: string; milliseconds: number };

const sourceOf = (answer: string) => `
const { parentPort } = require('node:worker_threads');
const answer = ${answer};
parentPort.on('message', (job) => {
  parentPort.postMessage({ started: true });
  try {
    parentPort.postMessage({ answer: answer(job) });
  } catch (error) {
    parentPort.postMessage({ thrown: error.message });
  }
});
parentPort.postMessage({ ready: true });
`;
type Told<Answer> = { started: true } | { answer: Answer } | { thrown: string };

/** One thread, started at the first job, replaced when it had to be stopped. An idle one lets the process end. */
export function createKillableThread<Job, Answer>(work: ThreadWork): KillableThread<Job, Answer> {
  let worker: Promise<Worker> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const runNext = async (job: Job): Promise<ThreadAnswer<Answer>> => {
    try {
      worker ??= startWorker(sourceOf(work.answer));
      const answer = await ask<Answer>(await worker, job, work.milliseconds);
      if (isStopped(answer)) worker = undefined;
      return answer;
    } catch (error) {
      worker = undefined;
      return { stopped: `its thread did not start: ${(error as Error).message}` };
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
      await (await worker)?.terminate();
      worker = undefined;
    },
  };
}

const isStopped = (answer: unknown): answer is { stopped: string } =>
  typeof answer === 'object' && answer !== null && 'stopped' in answer;

function startWorker(source: string): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 128 } });
    // The process may end while a worker idles.
    worker.unref();
    worker.once('message', () => resolve(worker));
    worker.once('error', reject);
  });
}

function ask<Answer>(worker: Worker, job: unknown, milliseconds: number): Promise<ThreadAnswer<Answer>> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (answer: ThreadAnswer<Answer>) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.unref();
      resolve(answer);
    };
    const stop = (reason: string) => {
      void worker.terminate();
      settle({ stopped: reason });
    };
    const onMessage = (told: Told<Answer>) => {
      if ('answer' in told) return settle(told.answer);
      if ('thrown' in told) return stop(told.thrown);
      // Counted from the work itself: a busy machine must not stop what is harmless.
      timer = setTimeout(() => stop(`it ran longer than ${milliseconds} ms`), milliseconds);
    };
    const onError = (error: Error) => stop(error.message);
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.ref();
    worker.postMessage(job);
  });
}
