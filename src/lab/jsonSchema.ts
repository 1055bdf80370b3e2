import type { Json } from '../shared/json.ts';

type Schema = Json;
type Rule = (value: Json, expected: Json, at: string) => string[];

const typeOf = (value: Json) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value;
const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const hasType = (value: Json, type: Json) => (type === 'integer' ? Number.isInteger(value) : typeOf(value) === type);
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const bound =
  (measure: (value: Json) => number | null, fits: (size: number, limit: number) => boolean, words: string): Rule =>
  (value, limit, at) => {
    const size = measure(value);
    return size === null || fits(size, Number(limit)) ? [] : [`${at} must be ${words} ${limit}`];
  };
const amount = (value: Json) => (typeof value === 'number' ? value : null);
const letters = (value: Json) => (typeof value === 'string' ? [...value].length : null);
const entries = (value: Json) => (Array.isArray(value) ? value.length : null);
const atLeast = (size: number, limit: number) => size >= limit;
const atMost = (size: number, limit: number) => size <= limit;

/** Deep equality of JSON values; the order of keys does not matter. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** The keywords we judge. Everything else in a schema is refused, not ignored: a check must not pass by being misread. */
const rules: { [keyword: string]: Rule } = {
  type: (value, types, at) =>
    list(types).some((type) => hasType(value, type))
      ? []
      : [`${at} must be ${list(types).join(' or ')}, not ${typeOf(value)}`],
  enum: (value, allowed, at) =>
    list(allowed).some((one) => sameJson(one, value)) ? [] : [`${at} must be one of ${JSON.stringify(allowed)}`],
  const: (value, expected, at) => (sameJson(value, expected) ? [] : [`${at} must be ${JSON.stringify(expected)}`]),
  required: (value, names, at) =>
    isObject(value)
      ? list(names).flatMap((name) => (Object.hasOwn(value, String(name)) ? [] : [`${at}.${name} is missing`]))
      : [],
  properties: (value, schemas, at) =>
    isObject(value) && isObject(schemas)
      ? Object.entries(schemas).flatMap(([name, schema]) =>
          Object.hasOwn(value, name) ? schemaProblems(value[name] ?? null, schema, `${at}.${name}`) : [],
        )
      : [],
  items: (value, schema, at) =>
    Array.isArray(value) ? value.flatMap((item, i) => schemaProblems(item, schema, `${at}[${i}]`)) : [],
  minimum: bound(amount, atLeast, 'at least'),
  maximum: bound(amount, atMost, 'at most'),
  minLength: bound(letters, atLeast, 'of length at least'),
  maxLength: bound(letters, atMost, 'of length at most'),
  minItems: bound(entries, atLeast, 'of length at least'),
  maxItems: bound(entries, atMost, 'of length at most'),
};
/** Say nothing about a value, so they may stand there. */
const notes = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'additionalProperties'];

export const schemaKeywords = [...Object.keys(rules), 'additionalProperties'];

/** What does not fit, each with the place (`$.answers[2].score`); none when the value fits. */
export function schemaProblems(value: Json, schema: Schema, at = '$'): string[] {
  if (schema === true) return [];
  if (!isObject(schema)) return [`${at} is not allowed`];
  const problems = Object.entries(schema).flatMap(([keyword, expected]) => {
    const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    return rule?.(value, expected, at) ?? [];
  });
  return [...problems, ...extraProblems(value, schema, at)];
}

function extraProblems(value: Json, schema: { [key: string]: Json }, at: string): string[] {
  const extra = schema.additionalProperties;
  if (extra === undefined || !isObject(value)) return [];
  const declared = isObject(schema.properties) ? schema.properties : {};
  return Object.entries(value).flatMap(([name, item]) => {
    if (Object.hasOwn(declared, name)) return [];
    return extra === false ? [`${at}.${name} is not expected`] : schemaProblems(item, extra, `${at}.${name}`);
  });
}

/** Keywords of a schema that we do not judge, each with its place. */
export function unknownKeywords(schema: Schema, at = '$'): string[] {
  if (!isObject(schema)) return typeof schema === 'boolean' ? [] : [`${at} is not a schema`];
  const nested = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const inner = [
    ...nested.map(([name, value]) => [`${at}.${name}`, value] as const),
    ...(schema.items === undefined ? [] : [[`${at}[]`, schema.items] as const]),
    ...(isObject(schema.additionalProperties) ? [[`${at}.*`, schema.additionalProperties] as const] : []),
  ];
  return [
    ...Object.keys(schema)
      .filter((key) => !Object.hasOwn(rules, key) && !notes.includes(key))
      .map((key) => `${at} ${key}`),
    ...inner.flatMap(([place, value]) => unknownKeywords(value, place)),
  ];
}
