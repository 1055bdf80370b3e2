import { dirname, resolve } from 'node:path';
import { codeOf, VaultError } from '../shared/errors.ts';
import { parseReference } from '../vault/references.ts';
import type { VaultApi } from '../vault/types.ts';
import type { SuiteDefinition } from './dataTypes.ts';
import type { LabDataCalls } from './labData.ts';
import { portableName } from './portableName.ts';
import type { DatasetVersion } from './schema.ts';
import { mergeThresholds } from './thresholds.ts';
import type { Case, Check, RunRequest } from './types.ts';

export type FillDeps = {
  vault: Pick<VaultApi, 'show' | 'info'>;
  data: Pick<LabDataCalls, 'showSuite' | 'showDataset' | 'showCheckSet' | 'mapping'>;
};
export type FilledRequest = {
  request: RunRequest;
  /** Null also for a run that changes what the suite runs. */
  suite: { name: string; revision: number } | null;
  dataset: DatasetVersion | null;
};

/**
 * A request with all that it names looked up: what a suite says where the request says nothing, a dataset's cases, sets of
 * checks, the mapping somebody saved, and a baseline that is only a stage. NOT_FOUND or INVALID_INPUT.
 */
export function fillRequest(given: RunRequest, { vault, data }: FillDeps): FilledRequest {
  const suite = given.suite === undefined ? null : data.showSuite({ name: given.suite });
  const request = suite ? withSuite(given, suite.definition, vault.info().file) : given;
  const dataset = request.dataset === undefined ? null : data.showDataset({ name: request.dataset });
  if (dataset && (request.cases || request.casesFile)) {
    throw invalid('cases', 'Give a dataset, a file of cases or cases, one of them');
  }
  const [path, ...others] = [...new Set(request.refs.map((ref) => parseReference(ref).path))];
  const only = others.length === 0 ? path : undefined;
  return {
    suite: suite && follows(given, suite.definition) ? { name: suite.name, revision: suite.revision } : null,
    dataset: dataset && { name: dataset.name, revision: dataset.revision, hash: dataset.hash },
    request: {
      ...request,
      ...(dataset ? { cases: dataset.rows } : {}),
      checks: [...(request.checks ?? []), ...checksOfSets(request.checkSets ?? [], data)],
      mapping: request.mapping ?? savedMapping(request, only, { vault, data }),
      baseline: baselineOf(request.baseline, only, vault),
    },
  };
}

const invalid = (field: string, message: string) => new VaultError('INVALID_INPUT', message, { field });

/** A run that replaces what a suite tests with, or over, says nothing of the suite: the gate must not take it for one. */
function follows(
  { cases, casesFile, dataset, models, mapping, judge, repeat }: RunRequest,
  suite: SuiteDefinition,
): boolean {
  const replaced = cases ?? casesFile ?? dataset ?? mapping ?? judge;
  return replaced === undefined && models.length === 0 && (repeat ?? suite.repeat) >= suite.repeat;
}

/** A file in a suite is named as seen from the project, since others have the project elsewhere. */
function withSuite(given: RunRequest, suite: SuiteDefinition, vaultFile: string): RunRequest {
  const own = given.cases !== undefined || given.casesFile !== undefined || given.dataset !== undefined;
  const file = suite.casesFile === undefined ? undefined : resolve(dirname(dirname(vaultFile)), suite.casesFile);
  const cases = own ? {} : { dataset: suite.dataset, casesFile: file, mapping: given.mapping ?? suite.mapping };
  return {
    ...given,
    ...cases,
    refs: given.refs.length > 0 ? given.refs : (suite.refs ?? []),
    models: given.models.length > 0 ? given.models : suite.models,
    checks: [...suite.checks, ...(given.checks ?? [])],
    checkSets: [...suite.checkSets, ...(given.checkSets ?? [])],
    judge: given.judge ?? suite.judge,
    thresholds: mergeThresholds(suite.thresholds, given.thresholds),
    repeat: given.repeat ?? suite.repeat,
    maxCostUsd: given.maxCostUsd ?? suite.maxCostUsd ?? undefined,
    baseline: given.baseline ?? suite.baseline ?? undefined,
  };
}

function checksOfSets(names: readonly string[], data: FillDeps['data']): Check[] {
  return [...new Set(names)].flatMap((name) => data.showCheckSet({ name }).checks);
}

function savedMapping({ dataset, casesFile }: RunRequest, path: string | undefined, { vault, data }: FillDeps) {
  if (path === undefined || (dataset ?? casesFile) === undefined) return undefined;
  const source =
    dataset !== undefined ? `dataset:${dataset}` : `file:${portableName(vault.info().file, String(casesFile))}`;
  return data.mapping({ source, path }) ?? undefined;
}

/** `PRD` or `@PRD` is the baseline of the one prompt under test; none when it never was in production. */
function baselineOf(baseline: string | undefined, path: string | undefined, vault: FillDeps['vault']) {
  const [, stage] = /^@?(DEV|TST|PRD)$/i.exec(baseline ?? '') ?? [];
  if (stage === undefined) return baseline;
  if (path === undefined) throw invalid('baseline', `Name the prompt too, as in support/triage@${stage}`);
  try {
    const { version } = vault.show({ ref: `${path}@${stage}` });
    return `${path}@${version}`;
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return undefined;
    throw error;
  }
}

type Mapping = { [variable: string]: string };

/**
 * Cases with their columns under the names of the variables they fill; columns that fill none are left out. VARIABLES, with
 * the list, when a column of the mapping is in none of the cases.
 */
export function mapCases(cases: readonly Case[], mapping: Mapping | undefined, declared: readonly string[]): Case[] {
  if (!mapping) return [...cases];
  const columns = new Set(cases.flatMap(({ variables }) => Object.keys(variables)));
  const gaps = Object.entries(mapping).filter(([, column]) => !columns.has(column));
  if (cases.length > 0 && gaps.length > 0) {
    const words = gaps.map(
      ([variable, column]) => `{{${variable}}} is mapped to ${column}, which the cases do not have`,
    );
    const missing = gaps.map(([variable]) => variable);
    throw new VaultError('VARIABLES', words.join('\n'), { missing, unknown: [], mapping: Object.fromEntries(gaps) });
  }
  return cases.map((one) => {
    const values = declared.flatMap((name) => {
      const value = one.variables[mapping[name] ?? name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return { ...one, variables: Object.fromEntries(values) };
  });
}
