import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { SuiteDefinition, Thresholds } from '../lab/dataTypes.ts';
import type { RunRequest } from '../lab/types.ts';
import { VaultError } from '../shared/errors.ts';
import type { CliIo } from './verb.ts';

export type TestOptions = {
  suite?: string;
  model?: string[];
  cases?: string;
  dataset?: string;
  map?: string[];
  checks?: string;
  checkSet?: string[];
  judge?: string;
  rubric?: string;
  embeddings?: string;
  passRate?: number;
  metric?: string[];
  repeat?: number;
  concurrency?: number;
  maxCost?: number;
  baseline?: string;
  /** False with --no-cache. */
  cache?: boolean;
};

/** What the words of `promptvault test` ask for. A suite is one of the vault, or a file. */
export async function testRequest(
  { refs, options, io }: { refs: string[]; options: TestOptions; io: CliIo },
  engine: Engine,
): Promise<RunRequest> {
  const { suite, judge, rubric, embeddings, passRate } = options;
  const metrics = metricGoals(options.metric);
  const file = suite === undefined ? undefined : resolve(io.cwd, suite);
  const written = file !== undefined && /\.(ya?ml|json)$/i.test(file) && existsSync(file);
  if (!options.model && suite === undefined) {
    throw new VaultError('USAGE', 'Name a model: --model echo:echo. "promptvault models" lists them');
  }
  if (!judge && (rubric || embeddings)) throw new VaultError('USAGE', 'Name the judge too: --judge <vendor:model>');
  const request: RunRequest = {
    refs,
    models: options.model ?? [],
    ...(suite !== undefined && !written ? { suite } : {}),
    casesFile: options.cases === undefined ? undefined : resolve(io.cwd, options.cases),
    dataset: options.dataset,
    mapping: mappingOf(options.map),
    checks:
      options.checks === undefined ? undefined : await engine.readChecks({ file: resolve(io.cwd, options.checks) }),
    checkSets: options.checkSet,
    ...(judge ? { judge: { model: judge, rubric, embeddings } } : {}),
    thresholds: { ...(passRate === undefined ? {} : { passRate }), ...(metrics === undefined ? {} : { metrics }) },
    repeat: options.repeat,
    concurrency: options.concurrency,
    maxCostUsd: options.maxCost,
    baseline: options.baseline,
    noCache: options.cache === false,
  };
  return written ? above(await engine.readSuite({ file: String(file) }), request) : request;
}

/** What was said on the command line stands above the file. */
function above(suite: SuiteDefinition, request: RunRequest): RunRequest {
  const { refs = [], models, dataset, casesFile, mapping, checks, checkSets, judge, thresholds, baseline } = suite;
  const own = request.casesFile !== undefined || request.dataset !== undefined;
  return {
    ...request,
    refs: request.refs.length > 0 ? request.refs : refs,
    models: request.models.length > 0 ? request.models : models,
    ...(own ? {} : { dataset, casesFile, mapping: request.mapping ?? mapping }),
    checks: [...checks, ...(request.checks ?? [])],
    checkSets: [...checkSets, ...(request.checkSets ?? [])],
    judge: request.judge ?? judge,
    thresholds: aboveThresholds(thresholds, request.thresholds),
    repeat: request.repeat ?? suite.repeat,
    maxCostUsd: request.maxCostUsd ?? suite.maxCostUsd ?? undefined,
    baseline: request.baseline ?? baseline ?? undefined,
  };
}

/** A goal that was not given leaves the suite's; metrics stand one by one. */
function aboveThresholds({ metrics, ...others }: Thresholds = {}, given: Thresholds = {}): Thresholds {
  const all = { ...metrics, ...given.metrics };
  return {
    ...{ ...others, ...given },
    ...(Object.keys(all).length > 0 ? { metrics: all } : {}),
  };
}

function mappingOf(pairs: string[] | undefined): RunRequest['mapping'] {
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new VaultError('USAGE', `--map ${pair}: write it as variable=column`, { field: 'map' });
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** `tone=0.8`: the least mean score of a metric. Its name may hold `=`, its score does not. */
export function metricGoals(pairs: string[] | undefined): Thresholds['metrics'] {
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', score = ''] = /^(.+)=([^=]*)$/.exec(pair) ?? [];
      const share = score.trim() === '' ? Number.NaN : Number(score);
      if (share >= 0 && share <= 1) return [name, share];
      throw new VaultError('USAGE', `--metric ${pair}: write it as name=score, the score from 0 to 1`, {
        field: 'metric',
      });
    }),
  );
}
