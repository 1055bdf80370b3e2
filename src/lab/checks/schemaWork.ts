import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';

/** A schema and a list of JSON values, each as its text. */
export type SchemaJob = { schema: string; draft: '7' | '2020-12'; values: string };
/** Which value fits first, and otherwise what is wrong with the first: at most ten problems, each behind its path. */
export type SchemaFinding = { fits: number | null; problems: string[] };

/** Say no more than that something below is wrong. */
const wrappers = [
  ...['$ref', 'properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'dependentSchemas'],
  ...['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'allOf', 'if'],
];

/** Runs in the process, or for a schema whose time nobody knows in a process of its own. */
export function judgeBySchema({ schema, draft, values }: SchemaJob): SchemaFinding {
  const validator = new Validator(JSON.parse(schema) as Schema | boolean, draft, false);
  let problems: string[] | undefined;
  for (const [index, value] of (JSON.parse(values) as unknown[]).entries()) {
    const { valid, errors } = validator.validate(value);
    if (valid) return { fits: index, problems: [] };
    problems ??= errors
      .filter(({ keyword }) => !wrappers.includes(keyword))
      .slice(0, 10)
      .map(problemOf);
  }
  return { fits: null, problems: problems ?? [] };
}

function problemOf({ instanceLocation, keyword, error }: OutputUnit): string {
  const text = keyword === 'false' ? 'Nothing is allowed here' : error.replace(/\.$/, '');
  return `${pathOf(instanceLocation)}: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}

/** `#/answers/2/score` as `$.answers[2].score`. */
function pathOf(pointer: string): string {
  const names = pointer.split('/').slice(1);
  const readable = names.map((name) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~'));
  return `$${readable.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('')}`;
}
