import type { EngineClient } from '../../engine/engineClient.ts';
import type { RunEstimate, RunInfo, RunRequest, RunResult } from '../../lab/types.ts';
import type { LoadedSuite } from './loadSuite.ts';

/** A suite as somebody wants it run. */
export type WantedRun = {
  loaded: LoadedSuite;
  /** All, unless some are named. */
  caseIds: ReadonlySet<string> | null;
  /** Versions for a suite that names none. */
  refs: string[];
  /** The run whose results are shown. */
  shown: RunResult | undefined;
};
/** What it would do, and how it is begun. `suite` tells that all of it is run, which is what the gate counts. */
export type PlannedRun = { estimate: RunEstimate; start(): Promise<RunInfo> };

/**
 * All of a suite is a run of the suite. Some of its cases are a run of their own, so that they never pass for the whole;
 * when they are those that did not pass last time, they are run as the rerun of that run, which asks the models again.
 */
export async function planSuiteRun(engine: EngineClient, wanted: WantedRun): Promise<PlannedRun> {
  const { loaded, caseIds, shown } = wanted;
  if (caseIds === null) {
    const request: RunRequest = { refs: wanted.refs, models: [], suite: loaded.name };
    return { estimate: await engine.estimateRun(request), start: async () => engine.startRun(request) };
  }
  const request = await partOf(engine, wanted, caseIds);
  if (!shown || !sameAsBad(shown, caseIds)) {
    return { estimate: await engine.estimateRun(request), start: async () => engine.startRun(request) };
  }
  const { id: runId, versions, modelChoices, repeat } = shown.run;
  const refs = versions.map((ref) => ref.replace(/\*$/, ''));
  const again = { ...request, refs, models: modelChoices, repeat, noCache: true };
  return { estimate: await engine.estimateRun(again), start: async () => engine.rerunFailing({ runId }) };
}

function sameAsBad({ cells }: RunResult, caseIds: ReadonlySet<string>): boolean {
  const isBad = ({ status }: (typeof cells)[number]) => status === 'fail' || status === 'error';
  const bad = new Set(cells.filter(isBad).map((cell) => cell.case));
  return bad.size > 0 && bad.size === caseIds.size && [...bad].every((id) => caseIds.has(id));
}

async function partOf(
  engine: EngineClient,
  { loaded, refs }: WantedRun,
  caseIds: ReadonlySet<string>,
): Promise<RunRequest> {
  const { definition, cases } = loaded;
  const { models, judge, repeat, maxCostUsd, baseline } = definition;
  const wantedRefs = refs.length > 0 ? refs : (definition.refs ?? []);
  const mapping = definition.mapping ?? (await savedMapping(engine, loaded, wantedRefs));
  return {
    refs: wantedRefs,
    // The cases carry the checks of the suite already.
    cases: cases.filter(({ id }) => caseIds.has(id)),
    ...{ models, repeat },
    ...(judge ? { judge } : {}),
    ...(mapping ? { mapping } : {}),
    ...(maxCostUsd === null ? {} : { maxCostUsd }),
    ...(baseline ? { baseline } : {}),
  };
}

/** What somebody once said of the columns of a dataset or a file; a run over cases by themselves does not look for it. */
async function savedMapping(engine: EngineClient, { definition }: LoadedSuite, refs: readonly string[]) {
  const { dataset, casesFile } = definition;
  const [path, ...others] = new Set(refs.map((ref) => ref.split('@')[0]!));
  if (path === undefined || others.length > 0) return undefined;
  const source = dataset !== undefined ? `dataset:${dataset}` : casesFile && `file:${casesFile}`;
  return source ? ((await engine.mapping({ source, path })) ?? undefined) : undefined;
}
