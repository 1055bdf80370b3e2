import { Worker } from 'node:worker_threads';

// Kept as text so that it runs the same from source and from a bundle, where there is no file to start a worker from.
const source = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ pattern, text }) => {
  try {
    const expression = new RegExp(pattern);
    parentPort.postMessage('started');
    parentPort.postMessage({ matches: expression.test(text) });
  } catch (error) {
    parentPort.postMessage({ invalid: error.message });
  }
});
parentPort.postMessage('ready');
`;

export const regexLimits = { milliseconds: 200, patternLength: 10_000, textLength: 1_000_000 };
/** What came of a match; a pattern that ran out of its time is stopped and says so. */
export type RegexAnswer = { matches: boolean } | { invalid: string } | { stopped: string };
type Job = { pattern: string; text: string };

/** Matches people's patterns in a thread that can be killed: a slow pattern (`^(a+)+$`) would freeze the engine for seconds. */
export type RegexMatcher = { match(job: Job): Promise<RegexAnswer>; close(): Promise<void> };

/** One worker for all, started at the first match, replaced when a pattern had to be stopped. */
export function createRegexMatcher(): RegexMatcher {
  let worker: Promise<Worker> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const runNext = async (job: Job): Promise<RegexAnswer> => {
    try {
      worker ??= startWorker();
      const answer = await ask(await worker, job);
      if ('stopped' in answer) worker = undefined;
      return answer;
    } catch (error) {
      worker = undefined;
      return { stopped: `its thread did not start: ${(error as Error).message}` };
    }
  };

  return {
    match(job) {
      const tooLong = lengthProblem(job);
      if (tooLong) return Promise.resolve({ stopped: tooLong });
      const answer = queue.then(() => runNext(job));
      queue = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      await queue;
      await (await worker)?.terminate();
      worker = undefined;
    },
  };
}

function lengthProblem({ pattern, text }: Job): string | undefined {
  if (pattern.length > regexLimits.patternLength)
    return `the pattern is longer than ${regexLimits.patternLength} characters`;
  if (text.length > regexLimits.textLength) return `the output is longer than ${regexLimits.textLength} characters`;
  return undefined;
}

function startWorker(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 128 } });
    // The process may end while a worker idles.
    worker.unref();
    worker.once('message', () => resolve(worker));
    worker.once('error', reject);
  });
}

function ask(worker: Worker, job: Job): Promise<RegexAnswer> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (answer: RegexAnswer) => {
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
    const onMessage = (message: 'started' | RegexAnswer) => {
      if (message !== 'started') return settle(message);
      // Counted from the match itself: a busy machine must not fail a harmless pattern.
      timer = setTimeout(() => stop(`it ran longer than ${regexLimits.milliseconds} ms`), regexLimits.milliseconds);
    };
    const onError = (error: Error) => stop(error.message);
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.ref();
    worker.postMessage(job);
  });
}
