import { environmentHost } from '../../src/engine/environmentHost.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { RunRequest } from '../../src/lab/types.ts';

/** What the process does: begin a run, go on with one, or retry its errors. */
export type LabJob = { file: string } & ({ start: RunRequest } | { resume: string } | { retry: string });

// A process of its own with an engine in it, to be killed in the middle. Tells the run's id, and `ended` at its end.
const job = JSON.parse(process.argv[2] ?? '') as LabJob;
const engine = await openEngine(job.file, { actor: 'Worker <w@example.org>', host: environmentHost(process.env) });
const { id } = await begin();
console.log(id);
await engine.waitForRun({ runId: id });
await engine.close();
console.log('ended');

function begin() {
  if ('start' in job) return engine.startRun(job.start);
  return 'resume' in job ? engine.resumeRun({ runId: job.resume }) : engine.retryErrors({ runId: job.retry });
}
