import { format } from '@cfworker/json-schema';
import type { Json, JsonObject } from '../../shared/json.ts';
import { isObject } from './checkKind.ts';

type Fits = (value: Json) => boolean;
const text: Fits = (value) => typeof value === 'string';
const flag: Fits = (value) => typeof value === 'boolean';
const number: Fits = (value) => typeof value === 'number';
const count: Fits = (value) => Number.isInteger(value) && Number(value) >= 0;
const anything: Fits = () => true;
const schema: Fits = (value) => typeof value === 'boolean' || isObject(value);
const some =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(fits);
const each =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && value.every(fits);
const mapOf =
  (fits: Fits): Fits =>
  (value) =>
    isObject(value) && Object.values(value).every(fits);
const either =
  (one: Fits, other: Fits): Fits =>
  (value) =>
    one(value) || other(value);
const typeName: Fits = (value) =>
  ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'].includes(String(value));
const pattern: Fits = (value) => {
  try {
    return text(value) && new RegExp(String(value), 'u') instanceof RegExp;
  } catch {
    return false;
  }
};
const all = (names: string, fits: Fits): { [keyword: string]: Fits } =>
  Object.fromEntries(names.split(' ').map((name) => [name, fits]));

/** Where schemas stand in a schema; drafts 7 and 2020-12 together. */
const inner: { readonly [keyword: string]: Fits } = {
  ...all('additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties propertyNames', schema),
  ...all('not if then else', schema),
  ...all('prefixItems allOf anyOf oneOf', some(schema)),
  ...all('$defs definitions properties dependentSchemas', mapOf(schema)),
  items: either(schema, each(schema)),
  dependencies: mapOf(either(schema, each(text))),
  patternProperties: (value) => mapOf(schema)(value) && Object.keys(value as JsonObject).every(pattern),
};
const keyed = ['$defs', 'definitions', 'properties', 'dependentSchemas', 'dependencies', 'patternProperties'];
const plain: { readonly [keyword: string]: Fits } = {
  ...all('$id $schema $ref $anchor', text),
  ...all('minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains', count),
  ...all('minimum maximum exclusiveMinimum exclusiveMaximum', number),
  ...all('$comment title description default examples deprecated readOnly writeOnly', anything),
  ...all('contentEncoding contentMediaType contentSchema const', anything),
  type: either(typeName, some(typeName)),
  enum: each(anything),
  multipleOf: (value) => number(value) && Number(value) > 0,
  required: each(text),
  uniqueItems: flag,
  dependentRequired: mapOf(each(text)),
  pattern,
  format: (value) => text(value) && Object.hasOwn(format, String(value)),
};
const rules = { ...plain, ...inner };

/** Keywords that can take an output's length to a power, or any time at all. */
export const slowKeywords: readonly string[] = ['pattern', 'patternProperties', 'format', 'uniqueItems', '$ref'];

/**
 * What of a schema cannot be judged, each with its place: keywords nobody knows, which a validator would skip and so pass
 * by a slip of the pen, and values a keyword cannot have. `found` is told every keyword.
 */
export function keywordProblems(given: Json, found: (keyword: string) => void, at = '$'): string[] {
  if (!isObject(given)) return schema(given) ? [] : [`${at} is not a schema`];
  return Object.entries(given).flatMap(([keyword, value]) => {
    found(keyword);
    if (keyword.startsWith('x-')) return [];
    const fits = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    if (!fits) return [`${at} ${keyword} is not supported`];
    if (!fits(value)) return [`${at} ${keyword} cannot be ${JSON.stringify(value).slice(0, 100)}`];
    return partsOf(keyword, value).flatMap(([name, part]) => keywordProblems(part, found, `${at}.${keyword}${name}`));
  });
}

function partsOf(keyword: string, value: Json): [place: string, part: Json][] {
  if (!Object.hasOwn(inner, keyword)) return [];
  if (Array.isArray(value)) return value.map((part, index) => [`[${index}]`, part]);
  if (!keyed.includes(keyword) || !isObject(value)) return [['', value]];
  return Object.entries(value).flatMap(([name, part]) => (schema(part) ? [[`.${name}`, part]] : []));
}
