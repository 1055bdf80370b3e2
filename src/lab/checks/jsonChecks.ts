import type { Json } from '../../shared/json.ts';
import { schemaKeywords, schemaProblems, unknownKeywords } from '../jsonSchema.ts';
import { kind, parseJson, quote, type Ready, type Verdict } from './checkKind.ts';
import { findJson } from './findJson.ts';

type Schema = Json | undefined;

function readSchema(value: Json | undefined): Schema {
  if (value === undefined || value === null || value === '') return undefined;
  const schema = typeof value === 'string' ? parseJson(value) : value;
  if (schema === undefined) throw new Error('its schema is not valid JSON');
  const unknown = unknownKeywords(schema);
  if (unknown.length === 0) return schema;
  throw new Error(
    `its schema uses what is not supported: ${unknown.join(', ')}. Supported: ${schemaKeywords.join(', ')}`,
  );
}

const problemsOf = (value: Json, schema: Schema) =>
  (schema === undefined ? [] : schemaProblems(value, schema)).slice(0, 10).join('; ');

function isJson(output: string, { value: schema }: Ready<Schema>): Verdict {
  const parsed = parseJson(output);
  if (parsed === undefined) return { holds: false, reason: `Output is not valid JSON: ${quote(output)}` };
  const problems = problemsOf(parsed, schema);
  if (problems !== '') return { holds: false, reason: `Output does not fit the schema: ${problems}` };
  return { holds: true, reason: schema === undefined ? 'Output is valid JSON' : 'Output fits the schema' };
}

function containsJson(output: string, { value: schema }: Ready<Schema>): Verdict {
  const found = findJson(output);
  if (found.length === 0) return { holds: false, reason: `Output contains no JSON object or list: ${quote(output)}` };
  const problems = found.map((one) => problemsOf(one, schema));
  if (!problems.includes(''))
    return { holds: false, reason: `No JSON in the output fits the schema: ${problems[0] ?? ''}` };
  const shown = quote(JSON.stringify(found[problems.indexOf('')]));
  return { holds: true, reason: `Output contains the JSON ${shown}` };
}

export const jsonChecks = {
  'is-json': kind<Schema>({
    by: 'rule',
    about: 'the whole output is JSON, and fits the schema if there is one',
    value: 'nothing, or a JSON schema',
    example: 'is-json:{"type": "object", "required": ["intent"]}',
    read: readSchema,
    judge: isJson,
  }),
  'contains-json': kind<Schema>({
    by: 'rule',
    about: 'somewhere in the output is a JSON object or list, which fits the schema if there is one',
    value: 'nothing, or a JSON schema',
    example: 'contains-json:{"required": ["intent"]}',
    read: readSchema,
    judge: containsJson,
  }),
};
