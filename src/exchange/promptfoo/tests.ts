import { extname } from 'node:path';
import { caseName } from '../../lab/caseColumns.ts';
import { readCaseText } from '../../lab/caseFiles.ts';
import { renderValue } from '../../lab/checks/renderValue.ts';
import type { Case, Check } from '../../lab/types.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { type CheckSource, readAssertions } from './checks.ts';
import { dataOf, filesOf, isCode, isFileReference, textOf } from './files.ts';

export type TestDefaults = {
  vars: JsonObject;
  checks: Check[];
  prefix?: string;
  suffix?: string;
  threshold?: number;
  metadata: JsonObject;
};
type Test = Omit<Case, 'id' | 'name'> & { name?: string };
const known = ['description', 'vars', 'assert', 'options', 'threshold', 'metadata'];
const optionKeys = ['prefix', 'suffix', 'disableVarExpansion', 'disableDefaultAsserts'];
/** A list in `vars` stands for one test per item; more than these is a mistake. */
const mostVariants = 10_000;

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const textOr = (value: Json | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);
const numberOr = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);

/** What holds for every test. */
export async function readDefaults(value: Json | undefined, source: CheckSource): Promise<TestDefaults> {
  const test = objectOf(isFileReference(value) ? await firstFile(value, source) : value);
  tellUnknown(test, 'defaultTest', source);
  const options = objectOf(test.options);
  return {
    vars: await fileValues(objectOf(test.vars), 'defaultTest', source),
    checks: await readAssertions(test.assert, 'defaultTest', source),
    ...{ prefix: textOr(options.prefix), suffix: textOr(options.suffix), threshold: numberOr(test.threshold) },
    metadata: objectOf(test.metadata),
  };
}

async function firstFile(reference: string, { configFile }: CheckSource): Promise<Json> {
  const [file] = await filesOf(reference, configFile);
  return file ? dataOf(file) : null;
}

/** All tests of a configuration, lists in their values taken apart, with the defaults in them. */
export async function readTests(
  { tests, scenarios }: { tests?: Json; scenarios?: Json },
  defaults: TestDefaults,
  source: CheckSource,
): Promise<Case[]> {
  const found = await readList(tests, 'tests', source);
  for (const [index, scenario] of (Array.isArray(scenarios) ? scenarios : []).entries()) {
    found.push(...(await readScenario(scenario, `scenarios[${index}]`, source)));
  }
  const cases = found.map((test) => withDefaults(test, defaults));
  return cases.map(({ name, ...rest }, index) => ({
    ...rest,
    id: String(index + 1),
    name: name ?? caseName(rest.variables, index + 1),
  }));
}

type Found = Test & { disableDefaults?: boolean };

async function readList(value: Json | undefined, where: string, source: CheckSource): Promise<Found[]> {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const found: Found[] = [];
  for (const [index, entry] of list.entries()) {
    const at = `${where}[${index}]`;
    if (typeof entry === 'string') found.push(...(await readTestFiles(entry, at, source)));
    else if (isObject(entry)) found.push(...(await readTest(entry, at, source)));
    else source.leave(at, 'test', 'it is no test');
  }
  return found;
}

/** A scenario's data with each of its tests. */
async function readScenario(value: Json, where: string, source: CheckSource): Promise<Found[]> {
  const { config, tests, ...others } = objectOf(value);
  for (const key of Object.keys(others))
    if (key !== 'description') source.leave(where, key, 'a scenario has no such part here');
  const data = await readList(config, `${where}.config`, source);
  const found = await readList(tests, `${where}.tests`, source);
  return data.flatMap((one) =>
    found.map((test) => ({
      ...one,
      ...test,
      variables: { ...one.variables, ...test.variables },
      checks: [...one.checks, ...test.checks],
      metadata: { ...one.metadata, ...test.metadata },
    })),
  );
}

async function readTestFiles(reference: string, where: string, source: CheckSource): Promise<Found[]> {
  const { configFile, leave } = source;
  if (/^(https?|huggingface):/.test(reference)) {
    leave(where, reference, 'nothing is fetched from the net: save it as a file and name that');
    return [];
  }
  if (isCode(reference)) {
    leave(where, reference, 'no code is run here: save what it makes as CSV or JSON');
    return [];
  }
  const found: Found[] = [];
  const files = await filesOf(reference, configFile);
  if (files.length === 0) leave(where, reference, 'no file fits');
  for (const file of files) {
    try {
      if (extname(file.absolute) === '.csv') {
        found.push(...readCaseText(file.shown, await textOf(file)).cases.map(({ id: _, ...one }) => one));
      } else if (extname(file.absolute) === '.jsonl') {
        const lines = (await textOf(file)).split('\n').filter((line) => line.trim() !== '');
        found.push(
          ...(await readList(
            lines.map((line) => JSON.parse(line) as Json),
            file.shown,
            source,
          )),
        );
      } else found.push(...(await readList(await dataOf(file), file.shown, source)));
    } catch (error) {
      leave(where, file.shown, (error as Error).message);
    }
  }
  return found;
}

async function readTest(test: JsonObject, where: string, source: CheckSource): Promise<Found[]> {
  tellUnknown(test, where, source);
  const options = objectOf(test.options);
  const values = await fileValues(
    isFileReference(test.vars) ? objectOf(await firstFile(test.vars, source)) : objectOf(test.vars),
    where,
    source,
  );
  const variants = options.disableVarExpansion === true ? [values] : expand(values);
  if (variants.length > mostVariants) {
    source.leave(where, 'vars', `its lists make ${variants.length} tests; at most ${mostVariants} are taken`);
  }
  const checks = await readAssertions(test.assert, where, source);
  return variants.slice(0, mostVariants).map((variables) => ({
    variables,
    checks,
    ...defined({
      ...{ name: textOr(test.description), prefix: textOr(options.prefix), suffix: textOr(options.suffix) },
      ...{ threshold: numberOr(test.threshold), metadata: isObject(test.metadata) ? test.metadata : undefined },
      disableDefaults: options.disableDefaultAsserts === true ? true : undefined,
    }),
  }));
}

const defined = <T extends object>(parts: T) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: NonNullable<T[Key]>;
  };

function tellUnknown(test: JsonObject, where: string, { leave }: CheckSource): void {
  for (const key of Object.keys(test)) if (!known.includes(key)) leave(where, key, 'a test has no such part here');
  for (const key of Object.keys(objectOf(test.options))) {
    if (!optionKeys.includes(key)) leave(where, `options.${key}`, 'a test has no such option here');
  }
}

/** A value may be a file's text. */
async function fileValues(vars: JsonObject, where: string, { configFile, leave }: CheckSource): Promise<JsonObject> {
  const values: JsonObject = {};
  for (const [name, value] of Object.entries(vars)) {
    if (!isFileReference(value)) values[name] = value;
    else if (isCode(value)) leave(where, `vars.${name}`, 'no code is run here: write the value down');
    else {
      try {
        const texts = await Promise.all((await filesOf(value, configFile)).map(textOf));
        values[name] = texts.length === 1 ? texts[0]! : texts;
      } catch (error) {
        leave(where, `vars.${name}`, (error as Error).message);
      }
    }
  }
  return values;
}

/** `{ a: [1, 2], b: x }` stands for two tests. */
function expand(vars: JsonObject): JsonObject[] {
  return Object.entries(vars).reduce<JsonObject[]>(
    (rows, [name, value]) => {
      if (rows.length > mostVariants) return rows;
      const values = Array.isArray(value) ? value : [value];
      return rows.flatMap((row) => values.map((one) => ({ ...row, [name]: one })));
    },
    [{}],
  );
}

function withDefaults({ disableDefaults, ...test }: Found, defaults: TestDefaults): Test {
  const metadata = { ...defaults.metadata, ...test.metadata };
  const variables = { ...defaults.vars, ...test.variables };
  const checks = disableDefaults ? test.checks : [...defaults.checks, ...test.checks];
  return {
    ...defined({ prefix: defaults.prefix, suffix: defaults.suffix, threshold: defaults.threshold }),
    ...test,
    variables,
    checks: checks.map((check) => namedBy(check, variables)),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

/** promptfoo puts a test's values into the names of its metrics; here a metric has the same name for everybody. */
function namedBy(check: Check, variables: JsonObject): Check {
  const { metric, checks } = check;
  return {
    ...check,
    ...(metric === undefined ? {} : { metric: String(renderValue(metric, variables, () => undefined)) }),
    ...(checks === undefined ? {} : { checks: checks.map((one) => namedBy(one, variables)) }),
  };
}
