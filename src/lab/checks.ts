import { VaultError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { sameJson, schemaKeywords, schemaProblems, unknownKeywords } from './jsonSchema.ts';
import type { RegexMatcher } from './regexWorker.ts';
import { type Check, type CheckResult, type CheckType, checkTypes } from './types.ts';

/** What a check may look at beside the output. `cached` answers have the latency of another day. */
export type CheckContext = { latencyMs: number | null; costUsd: number | null; cached: boolean; regex: RegexMatcher };
/** `holds` is null where it cannot be told: such a check fails, with `not` and without. `reason` states the fact. */
type Verdict = { holds: boolean | null; reason: string };
type CheckKind = {
  /** The value as the check uses it, or a thrown INVALID_INPUT. */
  prepare(value: Json | undefined): Json | undefined;
  judge(output: string, value: Json | undefined, context: CheckContext): Verdict | Promise<Verdict>;
};

const quote = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
const invalid = (reason: string) => new VaultError('INVALID_INPUT', reason, { field: 'checks' });

function words(value: Json | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid('it needs a text to look for');
}

function amount(value: Json | undefined): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return number;
  throw invalid('it needs a number, as in latency(500) or cost(0.01)');
}

function pattern(value: Json | undefined): string {
  const text = words(value);
  try {
    new RegExp(text);
    return text;
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function schema(value: Json | undefined): Json | undefined {
  if (value === undefined || value === '') return undefined;
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  if (parsed === undefined) throw invalid('its schema is not valid JSON');
  const unknown = unknownKeywords(parsed);
  if (unknown.length === 0) return parsed;
  throw invalid(
    `its schema uses what is not supported: ${unknown.join(', ')}. Supported: ${schemaKeywords.join(', ')}`,
  );
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function equals(output: string, value: Json | undefined): Verdict {
  if (typeof value === 'string') {
    if (output === value) return { holds: true, reason: `Output equals ${quote(value)}` };
    const hint = output.trim() === value.trim() ? ' (only the white space around it differs)' : '';
    return { holds: false, reason: `Expected ${quote(value)}, got ${quote(output)}${hint}` };
  }
  const holds = sameJson(parseJson(output), value);
  const expected = quote(JSON.stringify(value));
  return {
    holds,
    reason: holds ? `Output is the JSON ${expected}` : `Expected the JSON ${expected}, got ${quote(output)}`,
  };
}

const found = (holds: boolean, text: string): Verdict => ({
  holds,
  reason: `Output ${holds ? 'contains' : 'does not contain'} ${quote(text)}`,
});

async function regex(output: string, value: Json | undefined, context: CheckContext): Promise<Verdict> {
  const answer = await context.regex.match({ pattern: String(value), text: output });
  const shown = quote(String(value));
  if ('matches' in answer)
    return { holds: answer.matches, reason: `Output ${answer.matches ? 'matches' : 'does not match'} ${shown}` };
  const why = 'invalid' in answer ? answer.invalid : answer.stopped;
  return { holds: null, reason: `The pattern ${shown} was stopped: ${why}` };
}

function isJson(output: string, value: Json | undefined): Verdict {
  const parsed = parseJson(output);
  if (parsed === undefined) return { holds: false, reason: `Output is not valid JSON: ${quote(output)}` };
  const problems = value === undefined ? [] : schemaProblems(parsed, value);
  if (problems.length > 0)
    return { holds: false, reason: `Output does not fit the schema: ${problems.slice(0, 10).join('; ')}` };
  return { holds: true, reason: value === undefined ? 'Output is valid JSON' : 'Output fits the schema' };
}

function latency(_: string, value: Json | undefined, { latencyMs, cached }: CheckContext): Verdict {
  if (cached || latencyMs === null)
    return { holds: null, reason: 'A stored answer has no latency of its own: run with no cache' };
  const holds = latencyMs <= Number(value);
  return { holds, reason: `Took ${latencyMs} ms, ${holds ? 'within' : 'over'} ${value} ms` };
}

function cost(_: string, value: Json | undefined, { costUsd }: CheckContext): Verdict {
  if (costUsd === null) return { holds: null, reason: 'Cost unknown: set a price for this model in the settings' };
  const holds = costUsd <= Number(value);
  return { holds, reason: `Cost $${costUsd}, ${holds ? 'within' : 'over'} $${value}` };
}

/** Every check there is. A new one is a line here and its name in `checkTypes`. */
const kinds: { [type in CheckType]?: CheckKind } = {
  equals: { prepare: (value) => value ?? '', judge: equals },
  contains: { prepare: words, judge: (output, value) => found(output.includes(String(value)), String(value)) },
  icontains: {
    prepare: words,
    judge: (output, value) => found(output.toLowerCase().includes(String(value).toLowerCase()), String(value)),
  },
  regex: { prepare: pattern, judge: regex },
  'is-json': { prepare: schema, judge: isJson },
  latency: { prepare: amount, judge: latency },
  cost: { prepare: amount, judge: cost },
};
function kindOf({ type }: Check): CheckKind {
  const kind = kinds[type];
  if (kind) return kind;
  throw invalid(`${type} cannot be judged yet`);
}

const takesThreshold: readonly CheckType[] = ['latency', 'cost'];

const nameOf = (check: Check) => (check.not ? `not-${check.type}` : check.type);

/**
 * A check ready to judge: numbers as numbers, a schema parsed. INVALID_INPUT for an unknown type, an unusable value, or a
 * part that would mean nothing (a threshold on `contains`).
 */
export function prepareCheck(check: Check): Check {
  if (!checkTypes.includes(check.type)) {
    throw invalid(
      `Unknown check ${quote(String(check.type))}. There are: ${checkTypes.join(', ')}; each with not- before it`,
    );
  }
  const byThreshold = takesThreshold.includes(check.type);
  if (check.threshold !== undefined && !byThreshold) throw invalid(`${nameOf(check)} takes no threshold`);
  if (check.weight !== undefined && !(check.weight >= 0)) throw invalid(`${nameOf(check)} needs a weight of 0 or more`);
  const { threshold, value: given, ...rest } = check;
  try {
    const value = kindOf(check).prepare(threshold ?? given);
    return value === undefined ? rest : { ...rest, value };
  } catch (error) {
    throw invalid(`The check ${nameOf(check)} cannot be used: ${(error as Error).message}`);
  }
}

/** Judges one prepared check. The reason quotes what was found or missing. */
export async function judgeCheck(check: Check, output: string, context: CheckContext): Promise<CheckResult> {
  const { holds, reason } = await kindOf(check).judge(output, check.value, context);
  const pass = holds !== null && holds !== (check.not ?? false);
  return { type: nameOf(check), pass, score: pass ? 1 : 0, reason };
}

/** All checks of a cell. It passes when each one passes; those of weight 0 are told but do not count. */
export async function judgeAll(checks: readonly Check[], output: string, context: CheckContext) {
  const results = await Promise.all(checks.map((check) => judgeCheck(check, output, context)));
  const pass = results.every((result, index) => result.pass || checks[index]?.weight === 0);
  return { pass, results };
}
