import { prepareCheck } from '../../lab/checks.ts';
import { type Check, checkTypes } from '../../lab/types.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { dataOf, filesOf, isCode, isFileReference, textOf } from './files.ts';
import { readModel } from './models.ts';
import type { Leave } from './notCarried.ts';

export type CheckSource = { configFile: string; templates: JsonObject; leave: Leave };

/** Names promptfoo has for what is here under another one. */
const sameAs: { [type: string]: string } = {
  'model-graded-factuality': 'factuality',
  'model-graded-closedqa': 'llm-rubric',
  'g-eval': 'llm-rubric',
  'similar:cosine': 'similar',
};
const parts = ['value', 'threshold', 'weight', 'metric'];
const codeReason = 'no code is run here: use the checks there are, or a judge (llm-rubric)';

/** The checks of promptfoo's assertions. Those that have no like here are told and left out. */
export async function readAssertions(value: Json | undefined, where: string, source: CheckSource): Promise<Check[]> {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const checks: Check[] = [];
  for (const [index, entry] of list.entries()) {
    const check = await readAssertion(entry, `${where}.assert[${index}]`, source);
    if (check) checks.push(check);
  }
  return checks;
}

async function readAssertion(entry: Json, where: string, source: CheckSource): Promise<Check | null> {
  const { templates, leave } = source;
  const given = resolved(entry, templates);
  if (given === null) {
    leave(where, JSON.stringify(entry).slice(0, 60), 'it is no assertion');
    return null;
  }
  const { type: written, assert, provider, ...others } = given;
  const type = String(written);
  const negated = type.startsWith('not-');
  const bare = negated ? type.slice(4) : type;
  const known = checkTypes.find((name) => name === (sameAs[bare] ?? bare));
  if (!known) {
    const code = /^(javascript|python|ruby|webhook)$/.test(bare);
    leave(where, type, code ? codeReason : 'there is no such check here');
    return null;
  }
  const check: { [key: string]: unknown } = { type: known, ...(negated ? { not: true } : {}) };
  for (const [key, part] of Object.entries(others)) {
    if (parts.includes(key)) check[key] = part;
    else leave(where, `${type}: ${key}`, 'a check has no such part here');
  }
  if (provider !== undefined) {
    const choice = readModel(provider, where, leave);
    if (choice) check.model = typeof choice === 'string' ? choice : choice.model;
  }
  if (known === 'assert-set') check.checks = await readAssertions(assert, where, source);
  try {
    check.value = await readValue(others.value, source);
    if (check.value === undefined) delete check.value;
    return prepareCheck(check as Check);
  } catch (error) {
    leave(where, type, (error as Error).message);
    return null;
  }
}

/** `$ref: '#/assertionTemplates/name'` stands for the template, with what is written beside it above that. */
function resolved(entry: Json, templates: JsonObject): JsonObject | null {
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return null;
  const { $ref, ...own } = entry;
  if (typeof $ref !== 'string') return entry;
  const template = templates[$ref.replace('#/assertionTemplates/', '')];
  if (template === null || typeof template !== 'object' || Array.isArray(template)) return null;
  return { ...template, ...own };
}

async function readValue(value: Json | undefined, { configFile }: CheckSource): Promise<Json | undefined> {
  if (!isFileReference(value)) return value;
  if (isCode(value)) throw new Error(codeReason);
  const [file] = await filesOf(value, configFile);
  if (!file) throw new Error(`no file fits ${value}`);
  return /\.(json|ya?ml)$/.test(file.absolute) ? dataOf(file) : textOf(file);
}
