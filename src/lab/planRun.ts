import { parseModelName } from '../models/modelNames.ts';
import type { Price, Vendor } from '../models/types.ts';
import { toVaultError, VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { canonicalJson } from '../vault/canonical.ts';
import { completeContent, sealContent } from '../vault/content.ts';
import { requireAllowed } from '../vault/lifecycle.ts';
import type { Content, VaultApi } from '../vault/types.ts';
import { cellCount, type GridSize } from './cellAddress.ts';
import { type Column, columnsOf } from './columns.ts';
import type { JudgeSetup, ModelChoice, Thresholds } from './dataTypes.ts';
import { type FillDeps, fillRequest } from './fillRequest.ts';
import { type OpenJudge, openJudge } from './judge.ts';
import type { LabModels } from './labModels.ts';
import { type PlannedCase, planCases, sha256 } from './planCases.ts';
import type { DatasetVersion, TestedVersion } from './schema.ts';
import { checkThresholds } from './thresholds.ts';
import type { RunRequest } from './types.ts';
import { variableProblems } from './variableProblems.ts';

export type PlannedVersion = TestedVersion & { content: Content };
/** A column's model, ready to be called. */
export type PlannedModel = Column & { vendor: Vendor; endpoint: string; price: Price | null };
/** A run with everything looked up: drafts may change while it goes on, what is tested may not. */
export type RunPlan = {
  versions: PlannedVersion[];
  models: PlannedModel[];
  choices: ModelChoice[];
  cases: PlannedCase[];
  casesFile: string | null;
  dataset: DatasetVersion | null;
  suite: { name: string; revision: number } | null;
  /** The run whose outputs are judged again; no model is called. */
  scoredFrom: string | null;
  repeat: number;
  concurrency: number;
  maxCostUsd: number | null;
  noCache: boolean;
  idleTimeoutMs: number | null;
  baseline: TestedVersion | null;
  judge: JudgeSetup | null;
  /** Whoever the checks need, ready to be asked; null when they are not. */
  judging: OpenJudge | null;
  thresholds: Thresholds;
};
export type PlanDeps = FillDeps & { models: LabModels };

const limits = { cells: 200_000, repeat: 1000, concurrency: 500, idleTimeoutMs: 3_600_000 };

export const gridOf = (plan: Pick<RunPlan, 'versions' | 'models' | 'cases' | 'repeat'>): GridSize => ({
  versions: plan.versions.length,
  models: plan.models.length,
  cases: plan.cases.length,
  repeat: plan.repeat,
});

/** Looks up all a run needs and gathers everything that is wrong with it, so that a person mends it in one go. */
export async function planRun(given: RunRequest, deps: PlanDeps): Promise<{ plan: RunPlan; problems: VaultError[] }> {
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

  const filled = await attempt(() => fillRequest(given, deps));
  const { request, suite, dataset } = filled ?? { request: given, suite: null, dataset: null };
  const found = await each(request.refs, (ref) => findVersion(ref, request, deps.vault));
  const versions = distinct(found, ({ path, version }) => `${path}@${version}`);
  const columns = (await attempt(() => columnsOf(request.models))) ?? [];
  const models = await each(columns, (column) => reachModel(column, deps.models));
  const cases = (await attempt(() => planCases(request, declaredIn(versions)))) ?? [];
  const judge = request.judge ?? null;
  const checks = cases.flatMap((one) => one.checks);
  const judging = (await attempt(() => openJudge({ setup: judge, checks, models: deps.models }))) ?? null;
  const baseline =
    request.baseline === undefined ? null : await attempt(() => findVersion(request.baseline!, {}, deps.vault));
  const plan: RunPlan = {
    versions,
    models,
    choices: request.models,
    cases,
    casesFile: request.casesFile ?? null,
    ...{ dataset, suite, scoredFrom: null },
    repeat: request.repeat ?? 1,
    concurrency: request.concurrency ?? 8,
    maxCostUsd: request.maxCostUsd ?? null,
    noCache: request.noCache ?? false,
    idleTimeoutMs: request.idleTimeoutMs ?? null,
    baseline: baseline ? tested(baseline) : null,
    ...{ judge, judging },
    thresholds: (await attempt(() => checkThresholds(request.thresholds ?? {}))) ?? {},
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

function findVersion(
  ref: string,
  { unsaved = [] }: Pick<RunRequest, 'unsaved'>,
  vault: Pick<VaultApi, 'show'>,
): PlannedVersion {
  const { path, version, hash, stage, messages, settings, variables } = vault.show({ ref });
  requireAllowed(stage, 'test', `${path}@${version}`);
  const stored = { messages, settings, variables };
  const typed = unsaved.find((one) => one.ref === ref)?.content;
  if (!typed) return { path, version, hash, content: stored };
  const content = completeContent(typed, messages);
  const { hash: typedHash } = sealContent(content);
  return { path, version: typedHash === hash ? version : `${version}*`, hash: typedHash, content };
}

const declaredIn = (versions: readonly PlannedVersion[]) => [
  ...new Set(versions.flatMap(({ content }) => content.variables.map(({ name }) => name))),
];

const tested = ({ path, version, hash }: TestedVersion): TestedVersion => ({ path, version, hash });

function distinct<T>(items: T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

export async function reachModel(column: Column, models: LabModels): Promise<PlannedModel> {
  const { vendor } = parseModelName(column.model);
  return { ...column, vendor, ...(await models.reach(column.model)) };
}

/** Identity of a call: two with the same key are answered by the same endpoint with the same chance for everything. */
export function requestKey(model: PlannedModel, body: { messages: unknown[]; settings: JsonObject }): string {
  return sha256(canonicalJson(['request 1', model.vendor, model.model, model.endpoint, body]));
}

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
  if (plan.idleTimeoutMs !== null && !isCount(plan.idleTimeoutMs, limits.idleTimeoutMs)) {
    problems.push(invalid('idleTimeoutMs', 'A model may be silent for 1 ms to 1 hour'));
  }
  if (cellCount(gridOf(plan)) > limits.cells) {
    problems.push(invalid('cases', `A run has at most ${limits.cells} cells: choose fewer versions, models or cases`));
  }
  if (maxCostUsd === null) return problems;
  if (!(maxCostUsd > 0)) problems.push(invalid('maxCostUsd', 'The cost limit must be more than 0'));
  const unpriced = [
    ...models.filter(({ price }) => price === null).map(({ name }) => name),
    ...(plan.judging?.unpriced ?? []),
  ];
  if (unpriced.length > 0) {
    const names = unpriced.join(', ');
    problems.push(
      invalid('maxCostUsd', `No price is known for ${names}, so the cost limit could not stop it: set a price`),
    );
  }
  return problems;
}
