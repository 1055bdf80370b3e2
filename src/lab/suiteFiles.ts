import { dirname, resolve } from 'node:path';
import type { Json, JsonObject } from '../shared/json.ts';
import type { JudgeSetup, ModelChoice, SuiteDefinition, Thresholds } from './dataTypes.ts';
import { readChecks } from './readChecks.ts';
import { badFile, parseJsonText, parseYaml, readDataText } from './readDataFile.ts';
import { checkSuite } from './suites.ts';

const keys = [
  ...['refs', 'models', 'dataset', 'casesFile', 'mapping', 'checks', 'checkSets', 'judge', 'repeat', 'maxCostUsd'],
  ...['thresholds', 'baseline', 'description'],
];

/**
 * A suite written down in YAML or JSON, with the names of `SuiteDefinition`; its file of cases is named as seen from the suite's
 * own folder, and answered whole. FILE_NOT_FOUND or BAD_FILE.
 */
export async function readSuiteFile(file: string): Promise<SuiteDefinition> {
  const text = await readDataText(file);
  const value = file.toLowerCase().endsWith('.json') ? parseJsonText(file, text) : parseYaml(file, text);
  if (!isObject(value)) throw badFile(file, `a suite is an object with ${keys.join(', ')}`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown) throw badFile(file, `a suite has no ${unknown}; it has ${keys.join(', ')}`);
  const { refs, models, dataset, casesFile, mapping, checks, checkSets, judge, repeat, maxCostUsd } = value;
  try {
    return checkSuite({
      ...(refs === undefined ? {} : { refs: texts(refs, 'refs') }),
      models: list(models, 'models') as ModelChoice[],
      ...(dataset === undefined ? {} : { dataset: String(dataset) }),
      ...(casesFile === undefined ? {} : { casesFile: resolve(dirname(file), String(casesFile)) }),
      ...(isObject(mapping) ? { mapping: mapping as { [variable: string]: string } } : {}),
      checks: checks === undefined ? [] : readChecks(checks),
      checkSets: checkSets === undefined ? [] : texts(checkSets, 'checkSets'),
      ...(isObject(judge) ? { judge: judge as unknown as JudgeSetup } : {}),
      repeat: repeat === undefined ? 1 : Number(repeat),
      maxCostUsd: maxCostUsd === undefined || maxCostUsd === null ? null : Number(maxCostUsd),
      ...(value.thresholds === undefined || value.thresholds === null
        ? {}
        : { thresholds: value.thresholds as Thresholds }),
      ...(typeof value.baseline === 'string' ? { baseline: value.baseline } : {}),
    });
  } catch (error) {
    throw badFile(file, (error as Error).message);
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function list(value: Json | undefined, key: string): Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [value];
  throw new Error(`${key} is a list`);
}

const texts = (value: Json, key: string): string[] => list(value, key).map(String);
