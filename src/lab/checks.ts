import { codeOf, VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { isAtLeast, scoreOf } from './cellScore.ts';
import type { CheckContext, Ready, Verdict } from './checks/checkKind.ts';
import { registry } from './checks/registry.ts';
import { renderValue } from './checks/renderValue.ts';
import { type Check, type CheckResult, checkTypes } from './checkTypes.ts';

export type { CheckContext } from './checks/checkKind.ts';

const invalid = (reason: string) => new VaultError('INVALID_INPUT', reason, { field: 'checks' });
export const nameOf = (check: Check) => (check.not ? `not-${check.type}` : check.type);

/**
 * Fails with INVALID_INPUT unless the check can be used: a known type, a value it can read, and no part that would mean
 * nothing (a threshold on `contains`). Values that name variables are only read when the case's are known.
 */
export function prepareCheck(check: Check): Check {
  return requireCheck(check, null);
}

/** The same with a case's values put in; a name the case does not have is refused too. Answers the check as it was. */
export function prepareFor(check: Check, variables: JsonObject): Check {
  return requireCheck(check, variables);
}

function requireCheck(check: Check, variables: JsonObject | null): Check {
  if (!checkTypes.includes(check.type)) {
    const known = `There are: ${checkTypes.join(', ')}; each with not- before it`;
    throw invalid(`Unknown check ${JSON.stringify(check.type)}. ${known}`);
  }
  const kind = registry[check.type];
  const fail = (reason: string) => invalid(`The check ${nameOf(check)} cannot be used: ${reason}`);
  if (check.weight !== undefined && !(check.weight >= 0)) throw fail('it needs a weight of 0 or more');
  if (check.threshold !== undefined && !(kind.threshold && check.threshold >= 0)) {
    throw fail(kind.threshold ? 'its threshold is a number of 0 or more' : 'it takes no threshold');
  }
  if (check.model !== undefined && (kind.by === 'rule' || kind.by === 'group')) throw fail('it asks no model');
  if (check.checks !== undefined && kind.by !== 'group') throw fail('only assert-set holds checks');
  if (kind.by === 'group') return requireGroup(check, variables, fail);
  try {
    const unknown: string[] = [];
    const ready = readyCheck(check, variables ?? {}, (name) => unknown.push(name));
    if (variables && unknown.length > 0)
      throw new Error(`the case has no ${unknown.join(', ')}. Write \\{{ where no variable is meant`);
    // Until the values are there nobody can tell.
    if (unknown.length === 0) ready();
    return check;
  } catch (error) {
    throw fail((error as Error).message);
  }
}

function requireGroup(check: Check, variables: JsonObject | null, fail: (reason: string) => VaultError): Check {
  const { checks = [], value, threshold = 0 } = check;
  if (checks.length === 0 || value !== undefined) throw fail('it needs checks and takes no value');
  if (threshold > 1) throw fail('its threshold is a score from 0 to 1');
  for (const one of checks) {
    requireCheck(one, variables);
    if (registry[one.type].by === 'row') throw fail(`${one.type} compares whole answers and stands by itself`);
  }
  return check;
}

/** The check with its value rendered; calling what it answers reads the value and throws in words what is wrong with it. */
function readyCheck(check: Check, variables: JsonObject, onUnknown: (name: string) => void): () => Ready<unknown> {
  const kind = registry[check.type];
  const value = check.value === undefined ? undefined : renderValue(check.value, variables, onUnknown);
  const { threshold } = check;
  return () => {
    if (kind.by === 'group') return { value, threshold, check };
    if (kind.by === 'row' && (typeof value !== 'string' || value.trim() === ''))
      throw new Error('it needs a text that says what is best');
    return { value: 'read' in kind ? kind.read(value, check) : value, threshold, check };
  };
}

export const criterionOf = (check: Check, variables: JsonObject) =>
  String(readyCheck(check, variables, () => undefined)().value);

/** Judges one check. The reason quotes what was found or missing. JUDGE when nobody can tell, with what it cost. */
export async function judgeCheck(check: Check, output: string, context: CheckContext): Promise<CheckResult> {
  const kind = registry[check.type];
  if (kind.by === 'group') return judgeGroup(check, output, context);
  if (!('judge' in kind)) return toResult(check, { holds: true, skipped: true, reason: pendingReason });
  const ready = readyCheck(check, context.variables, () => undefined);
  return toResult(check, await kind.judge(output, ready(), context));
}

const pendingReason = 'Judged when all answers to the case are there';

/** A verdict as a result: turned round for a `not-` check, with weight and metric. */
export function toResult(check: Check, { holds, score, reason, skipped, judge }: Verdict): CheckResult {
  const { not = false, weight, metric } = check;
  const pass = skipped ? true : holds !== null && holds !== not;
  const exact = pass ? 1 : 0;
  const graded = holds === null || score === undefined ? exact : not ? 1 - score : score;
  return {
    ...{ type: nameOf(check), pass, score: skipped ? 1 : graded, reason },
    ...(weight === undefined ? {} : { weight }),
    ...(metric === undefined ? {} : { metric }),
    ...(skipped ? { skipped } : {}),
    ...(judge ? { judge } : {}),
  };
}

async function judgeGroup(check: Check, output: string, context: CheckContext): Promise<CheckResult> {
  const { pass, results, error } = await judgeAll(check.checks ?? [], output, context);
  if (error) throw new VaultError('JUDGE', error.message, { results });
  const judged = results.filter(({ skipped }) => !skipped);
  const score = scoreOf(results);
  const { threshold } = check;
  const holds = threshold === undefined ? pass : isAtLeast(score, threshold);
  const passed = judged.filter((one) => one.pass).length;
  const wanted = threshold === undefined ? '' : `, score ${Number(score.toFixed(4))} of ${threshold} wanted`;
  const reason = `${passed} of ${judged.length} checks hold${wanted}`;
  return { ...toResult(check, { holds, score, reason, skipped: judged.length === 0 }), checks: results };
}

/** `error` is set when a check could not be judged: the cell is then neither a pass nor a fail. */
export type Judgement = { pass: boolean; results: CheckResult[]; error: { code: 'JUDGE'; message: string } | null };

/** All checks of a cell. It passes when each judged one of weight above 0 passes. What was paid for is in the results. */
export async function judgeAll(checks: readonly Check[], output: string, context: CheckContext): Promise<Judgement> {
  let error: Judgement['error'] = null;
  const results = await Promise.all(
    checks.map(async (check) => {
      try {
        return await judgeCheck(check, output, context);
      } catch (thrown) {
        if (codeOf(thrown) !== 'JUDGE') throw thrown;
        const result = unjudged(check, thrown as VaultError);
        if (check.weight !== 0) error ??= { code: 'JUDGE', message: `${nameOf(check)}: ${result.reason}` };
        return result;
      }
    }),
  );
  return { pass: verdictOf(results), results, error };
}

export const verdictOf = (results: readonly CheckResult[]) =>
  results.every(({ pass, skipped, weight }) => pass || skipped || weight === 0);

/** The result of a check nobody could judge: no pass, and no say in the score. */
export function unjudged(check: Check, { message, details }: VaultError): CheckResult {
  const { judge, results } = details as Pick<CheckResult, 'judge'> & { results?: CheckResult[] };
  const result = toResult(check, { holds: null, reason: message, ...(judge ? { judge } : {}) });
  return { ...result, skipped: true, ...(results ? { checks: results } : {}) };
}

/** What judging cost, in whole groups too; null when nobody was asked or a price is not known. */
export function judgeUsdOf(results: readonly CheckResult[]): number | null {
  const costs = costsOf(results);
  return costs.length === 0 || costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
}

const costsOf = (results: readonly CheckResult[]): (number | null)[] =>
  results.flatMap(({ judge, checks = [] }) => [...(judge ? [judge.costUsd] : []), ...costsOf(checks)]);
