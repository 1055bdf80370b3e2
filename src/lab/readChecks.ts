import { VaultError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import { prepareCheck } from './checks.ts';
import { parseExpectation } from './expectation.ts';
import type { Check } from './types.ts';

const checkKeys = ['type', 'value', 'not', 'threshold', 'weight', 'metric', 'model', 'checks'];

/**
 * Checks as people write them: a short text (`icontains:refund`), an object, an object as JSON text (how a CSV cell holds
 * what a short text cannot), or a list of these. INVALID_INPUT when one cannot be used.
 */
export function readChecks(value: Json): Check[] {
  if (Array.isArray(value)) return value.flatMap(readChecks);
  if (typeof value === 'string') return value.trim() === '' ? [] : [readShort(value)];
  if (value !== null && typeof value === 'object') return [prepareCheck(checkObject(value))];
  return value === null ? [] : [prepareCheck({ type: 'equals', value: String(value) })];
}

function readShort(text: string): Check {
  const object = /^\s*\{\s*"type"\s*:/.test(text) ? parseObject(text) : undefined;
  return object ? prepareCheck(checkObject(object)) : parseExpectation(text);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

/** A check written as an object; `type: not-contains` is the same as `not: true`. */
function checkObject(value: JsonObject): Check {
  const unknown = Object.keys(value).find((key) => !checkKeys.includes(key));
  const fail = (reason: string) => new VaultError('INVALID_INPUT', reason, { field: 'checks' });
  if (unknown) throw fail(`a check has no ${unknown}; it has ${checkKeys.join(', ')}`);
  const { type, not, checks } = value;
  if (typeof type !== 'string') throw fail('a check needs a type');
  if (not !== undefined && typeof not !== 'boolean') throw fail('not must be true or false');
  const negated = type.startsWith('not-');
  return {
    ...value,
    type: negated ? type.slice(4) : type,
    ...(negated ? { not: !not } : {}),
    ...(checks === undefined ? {} : { checks: readChecks(checks) }),
  } as Check;
}
