import { createHash } from 'node:crypto';
import { parseModelName } from '../models/modelNames.ts';
import type { ModelName, Price, Vendor } from '../models/types.ts';
import { toVaultError, VaultError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { canonicalJson } from '../vault/canonical.ts';
import { requireAllowed } from '../vault/lifecycle.ts';
import type { Content, VaultApi } from '../vault/types.ts';
import { readCaseFile } from './caseFiles.ts';
import { cellCount, type GridSize } from './cellAddress.ts';
import { prepareCheck } from './checks.ts';
import type { LabModels } from './labModels.ts';
import type { TestedVersion } from './schema.ts';
import type { Case, RunRequest } from './types.ts';
import { variableProblems } from './variableProblems.ts';

export type PlannedVersion = TestedVersion & { content: Content };
export type PlannedModel = { name: ModelName; vendor: Vendor; endpoint: string; price: Price | null };
/** `key` is the SHA-256 of the values: the same case in any run. */
export type PlannedCase = Case & { key: string };
/** A run with everything looked up: drafts may change while it goes on, what is tested may not. */
export type RunPlan = {
  versions: PlannedVersion[];
  models: PlannedModel[];
  cases: PlannedCase[];
  casesFile: string | null;
  repeat: number;
  concurrency: number;
  maxCostUsd: number | null;
  noCache: boolean;
  baseline: TestedVersion | null;
};
export type PlanDeps = { vault: Pick<VaultApi, 'show'>; models: LabModels };

const limits = { cells: 200_000, repeat: 1000, concurrency: 500 };

export const gridOf = (plan: Pick<RunPlan, 'versions' | 'models' | 'cases' | 'repeat'>): GridSize => ({
  versions: plan.versions.length,
  models: plan.models.length,
  cases: plan.cases.length,
  repeat: plan.repeat,
});

/** Looks up all a run needs and gathers everything that is wrong with it, so that a person mends it in one go. */
export async function planRun(request: RunRequest, deps: PlanDeps): Promise<{ plan: RunPlan; problems: VaultError[] }> {
  const problems: VaultError[] = [];
  const attempt = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(toVaultError(error));
      return undefined;
    }
  };
  const each = async <In, Out>(items: readonly In[], work: (item: In) => Out | Promise<Out>): Promise<Out[]> => {
    const results: Out[] = [];
    for (const item of items) {
      const result = await attempt(() => work(item));
      if (result !== undefined) results.push(result);
    }
    return results;
  };

  const found = await each(request.refs, (ref) => findVersion(ref, deps.vault));
  const versions = distinct(found, ({ path, version }) => `${path}@${version}`);
  const models = await each([...new Set(request.models)], (name) => reachModel(name, deps.models));
  const read = await attempt(() => readCases(request));
  const cases = read ? await each([read], ({ cases: given }) => withChecks(given, request)) : [];
  const baseline =
    request.baseline === undefined ? null : await attempt(() => findVersion(request.baseline!, deps.vault));
  const plan: RunPlan = {
    versions,
    models,
    cases: cases[0] ?? [],
    casesFile: request.casesFile ?? null,
    repeat: request.repeat ?? 1,
    concurrency: request.concurrency ?? 8,
    maxCostUsd: request.maxCostUsd ?? null,
    noCache: request.noCache ?? false,
    baseline: baseline ? tested(baseline) : null,
  };
  problems.push(...requestProblems(request, plan), ...variableProblems(versions, plan.cases));
  return { plan, problems };
}

/** One error for all problems: the first one's code and details, everybody's words, and the list in `details.problems`. */
export function joinProblems(problems: readonly VaultError[]): VaultError {
  const [first] = problems;
  if (!first) throw new VaultError('INTERNAL', 'No problem to tell');
  const list = problems.map(({ code, message, details }) => ({ code, message, details }));
  const message = problems.map((problem) => problem.message).join('\n');
  return new VaultError(first.code, message, { ...first.details, problems: list }, first);
}

function findVersion(ref: string, vault: PlanDeps['vault']): PlannedVersion {
  const { path, version, hash, stage, messages, settings, variables } = vault.show({ ref });
  requireAllowed(stage, 'test', `${path}@${version}`);
  return { path, version, hash, content: { messages, settings, variables } };
}

const tested = ({ path, version, hash }: TestedVersion): TestedVersion => ({ path, version, hash });

function distinct<T>(items: T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

async function reachModel(name: ModelName, models: LabModels): Promise<PlannedModel> {
  const { vendor } = parseModelName(name);
  return { name, vendor, ...(await models.reach(name)) };
}

async function readCases(request: RunRequest): Promise<{ cases: Case[] }> {
  const { cases, casesFile } = request;
  if (cases && casesFile) throw invalid('cases', 'Give either cases or a file of cases, not both');
  if (casesFile !== undefined) return readCaseFile(casesFile);
  // Without cases a version is run once with its defaults.
  return { cases: cases ?? [{ id: '1', name: 'Defaults', variables: {}, checks: [] }] };
}

function withChecks(cases: Case[], request: RunRequest): PlannedCase[] {
  if (cases.length === 0) throw invalid('cases', 'There are no cases: nothing would be tested');
  const ids = cases.map(({ id }) => id).sort();
  const twice = ids.find((id, index) => id === ids[index + 1]);
  if (twice !== undefined) throw invalid('cases', `Two cases have the id ${twice}`);
  const common = (request.checks ?? []).map(prepareCheck);
  return cases.map((one) => ({
    ...one,
    checks: [...one.checks.map(prepareCheck), ...common],
    key: caseKey(one.variables),
  }));
}

export function caseKey(variables: { [name: string]: Json }): string {
  return sha256(canonicalJson(variables));
}

/** Identity of a call: two with the same key are answered by the same endpoint with the same chance for everything. */
export function requestKey(model: PlannedModel, body: { messages: unknown[]; settings: JsonObject }): string {
  return sha256(canonicalJson(['request 1', model.vendor, model.name, model.endpoint, body]));
}

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const invalid = (field: string, message: string) => new VaultError('INVALID_INPUT', message, { field });
const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;

function requestProblems(request: RunRequest, plan: RunPlan): VaultError[] {
  const { repeat, concurrency, maxCostUsd, models } = plan;
  const problems: VaultError[] = [];
  if (request.refs.length === 0) problems.push(invalid('refs', 'Choose at least one version to test'));
  if (request.models.length === 0) problems.push(invalid('models', 'Choose at least one model, for example echo:echo'));
  if (!isCount(repeat, limits.repeat)) problems.push(invalid('repeat', `Repeat 1 to ${limits.repeat} times`));
  if (!isCount(concurrency, limits.concurrency)) {
    problems.push(invalid('concurrency', `Make 1 to ${limits.concurrency} calls at once`));
  }
  if (cellCount(gridOf(plan)) > limits.cells) {
    problems.push(invalid('cases', `A run has at most ${limits.cells} cells: choose fewer versions, models or cases`));
  }
  if (maxCostUsd === null) return problems;
  if (!(maxCostUsd > 0)) problems.push(invalid('maxCostUsd', 'The cost limit must be more than 0'));
  const unpriced = models.filter(({ price }) => price === null).map(({ name }) => name);
  if (unpriced.length > 0) {
    const names = unpriced.join(', ');
    problems.push(
      invalid('maxCostUsd', `No price is known for ${names}, so the cost limit could not stop it: set a price`),
    );
  }
  return problems;
}
