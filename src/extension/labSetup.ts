import { isAbsolute, join, relative } from 'node:path';
import type { LabSetup } from '../engine/panels.ts';
import type { SuiteDefinition, Thresholds } from '../lab/dataTypes.ts';
import type { RunInfo, RunRequest, ThresholdResult } from '../lab/types.ts';
import type { Content } from '../vault/types.ts';

export type SetupPlace = {
  /** The vault's folder: files of cases are named as seen from it. */
  folder: string;
  /** What an editor holds of a version and nobody saved. */
  unsavedOf(ref: string): Content | undefined;
};

/** What the engine is asked to run. A suite that was not changed is asked for by its name, so that its run counts as one of it. */
export function toRequest(setup: LabSetup, { folder, unsavedOf }: SetupPlace): RunRequest {
  const { refs, baseline, maxCostUsd, mapping, judge, suite } = setup;
  const unsaved = setup.unsaved.flatMap((ref) => {
    const content = refs.includes(ref) ? unsavedOf(ref) : undefined;
    return content ? [{ ref, content }] : [];
  });
  const tested = { refs, ...(unsaved.length > 0 && { unsaved }), ...(baseline && { baseline }) };
  if (suite && !setup.suiteChanged) return { ...tested, models: [], suite };
  return {
    ...{ ...tested, models: setup.models, repeat: setup.repeat, thresholds: setup.thresholds },
    ...{ checks: setup.checks, checkSets: setup.checkSets },
    ...(setup.casesFile && { casesFile: absolute(folder, setup.casesFile) }),
    ...(setup.dataset && { dataset: setup.dataset }),
    ...(mapping && { mapping }),
    ...(judge && { judge }),
    ...(maxCostUsd !== null && { maxCostUsd }),
  };
}

/** Its prompts go with a suite, each by its newest version, unless a version was chosen. */
export function toSuite(setup: LabSetup): SuiteDefinition {
  const { models, dataset, casesFile, mapping, checks, checkSets, judge, repeat, maxCostUsd, thresholds, baseline } =
    setup;
  return {
    ...{ refs: [...new Set(setup.refs.map((ref) => ref.split('@')[0]!))], models, checks, checkSets, repeat },
    ...{ maxCostUsd, thresholds, baseline },
    ...(dataset && { dataset }),
    ...(casesFile && { casesFile }),
    ...(mapping && { mapping }),
    ...(judge && { judge }),
  };
}

export function fromSuite(suite: string, definition: SuiteDefinition): Omit<LabSetup, 'refs' | 'unsaved'> {
  const { models, dataset, casesFile, mapping, checks, checkSets, judge, repeat, maxCostUsd, thresholds, baseline } =
    definition;
  return {
    ...{ suite, suiteChanged: false, models, checks, checkSets, repeat, maxCostUsd },
    ...{ dataset: dataset ?? null, casesFile: casesFile ?? null, mapping: mapping ?? null, judge: judge ?? null },
    ...{ thresholds: thresholds ?? {}, baseline: baseline ?? null },
  };
}

/** What a past run was made of, to run it again. */
export function setupOfRun(run: RunInfo, folder: string): Partial<LabSetup> {
  const { versions, modelChoices, casesFile, dataset, repeat, baseline, suite, thresholds } = run;
  return {
    // The text of an unsaved draft is not what its version says now.
    refs: versions.map((ref) => ref.replace(/\*$/, '')),
    ...{ unsaved: [], models: modelChoices, repeat, suite, suiteChanged: false },
    dataset: dataset?.name ?? null,
    casesFile: casesFile && shortName(folder, casesFile),
    baseline: baseline && `${baseline.path}@${baseline.version}`,
    thresholds: thresholdsOf(thresholds),
    ...{ mapping: null, checks: [], checkSets: [], judge: null, maxCostUsd: run.maxCostUsd },
  };
}

/** What the results say was wished for. */
function thresholdsOf(results: readonly ThresholdResult[]): Thresholds {
  const wishes = results.filter(({ metric }) => metric === undefined).map(({ name, wanted }) => [name, wanted]);
  const metrics = results.flatMap(({ metric, wanted }) => (metric === undefined ? [] : [[metric, wanted]]));
  return { ...Object.fromEntries(wishes), ...(metrics.length > 0 && { metrics: Object.fromEntries(metrics) }) };
}

export const absolute = (folder: string, file: string) => (isAbsolute(file) ? file : join(folder, file));

/** Relative inside the folder, whole outside of it. */
export function shortName(folder: string, file: string): string {
  if (!isAbsolute(file)) return file;
  const short = relative(folder, file);
  return short.startsWith('..') ? file : short.replaceAll('\\', '/');
}
