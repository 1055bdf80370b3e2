import { basename, dirname, resolve } from 'node:path';
import type { ModelChoice, SuiteDefinition } from '../../lab/dataTypes.ts';
import type { LabDataCalls } from '../../lab/labData.ts';
import type { Case } from '../../lab/types.ts';
import { VaultError } from '../../shared/errors.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { assignPaths, type PlacedPrompt } from '../assignPaths.ts';
import type { ImportVault } from '../importPrompts.ts';
import { promptPath } from '../promptPath.ts';
import { storePrompt } from '../storePrompt.ts';
import { dataOf } from './files.ts';
import { readModels } from './models.ts';
import { gatherLeft, type Leave, type NotCarried } from './notCarried.ts';
import { readPrompts } from './prompts.ts';
import { readDefaults, readTests } from './tests.ts';

/** `name` is what dataset and suite are called and the folder of the prompts; the configuration's folder unless told. */
export type PromptfooRequest = { file: string; name?: string; dryRun?: boolean };
export type PromptfooReport = {
  created: string[];
  updated: string[];
  unchanged: string[];
  /** Null where there were no tests. */
  dataset: string | null;
  /** Null where there was no model to test with. */
  suite: string | null;
  cases: number;
  models: ModelChoice[];
  notCarried: NotCarried[];
};

const carried = [
  'prompts',
  'providers',
  'targets',
  'tests',
  'scenarios',
  'defaultTest',
  'assertionTemplates',
  'evaluateOptions',
  'commandLineOptions',
  'description',
  '$schema',
];

/**
 * Takes a promptfoo configuration over: its prompts, its tests as a dataset, and a suite that runs them with its models. What
 * has no place here is listed, never dropped unseen. FILE_NOT_FOUND or BAD_FILE for the configuration itself.
 */
export async function importPromptfoo(
  vault: ImportVault,
  data: Pick<LabDataCalls, 'saveDataset' | 'saveSuite'>,
  request: PromptfooRequest,
): Promise<PromptfooReport> {
  const file = resolve(request.file);
  const { leave, list } = gatherLeft();
  const config = await readConfig(file);
  for (const key of Object.keys(config)) {
    if (!carried.includes(key)) leave(key, key, 'it has no place here');
  }
  const name = promptPath(request.name ?? nameOf(file));
  const { placed, skipped } = assignPaths(await readPrompts(config.prompts, file, leave), name);
  for (const { source, reason } of skipped) leave(source, 'prompt', reason);
  const models = readModels(config.providers ?? config.targets, leave);
  const templates = objectOf(config.assertionTemplates);
  const source = { configFile: file, templates, leave };
  const defaults = await readDefaults(config.defaultTest, source);
  const cases = await readTests(config, defaults, source);
  const suite = suiteOf(config, { name, placed, models, cases }, leave);
  const report: PromptfooReport = {
    ...{ created: [], updated: [], unchanged: [], models, cases: cases.length, notCarried: [] },
    ...{ dataset: cases.length > 0 ? name : null, suite: suite ? name : null },
  };
  const write = !request.dryRun;
  const store = () => {
    for (const prompt of placed) report[storePrompt(vault, prompt, { write })].push(prompt.path);
    if (!write) return;
    if (report.dataset) data.saveDataset({ name, rows: cases, description: textOr(config.description) });
    if (suite) data.saveSuite({ name, definition: suite });
  };
  if (write) vault.database.writeUnlogged(store);
  else store();
  return { ...report, notCarried: list() };
}

async function readConfig(file: string): Promise<JsonObject> {
  const config = await dataOf({ absolute: file, shown: basename(file) });
  const isConfig = config !== null && typeof config === 'object' && !Array.isArray(config) && 'prompts' in config;
  if (isConfig) return config as JsonObject;
  const reason = 'it is no promptfoo configuration: there are no prompts in it';
  throw new VaultError('BAD_FILE', `${file}: ${reason}`, { file, reason });
}

const objectOf = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
const textOr = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);

function nameOf(file: string): string {
  const stem = basename(file).replace(/\.(ya?ml|json)$/, '');
  return /^promptfoo(config)?$/i.test(stem) ? basename(dirname(file)) : stem;
}

type Parts = { name: string; placed: readonly PlacedPrompt[]; models: ModelChoice[]; cases: readonly Case[] };

function suiteOf(config: JsonObject, { name, placed, models, cases }: Parts, leave: Leave): SuiteDefinition | null {
  if (models.length === 0 || placed.length === 0) return null;
  const options = { ...objectOf(config.evaluateOptions), ...objectOf(config.commandLineOptions) };
  for (const key of Object.keys(options)) {
    if (key !== 'repeat') leave('evaluateOptions', key, 'it is chosen when a run is started');
  }
  return {
    refs: placed.map(({ path }) => path),
    models,
    ...(cases.length > 0 ? { dataset: name } : {}),
    ...{ checks: [], checkSets: [], maxCostUsd: null },
    repeat: typeof options.repeat === 'number' && options.repeat >= 1 ? options.repeat : 1,
  };
}
