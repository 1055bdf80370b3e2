import type { Json } from '../../shared/json.ts';
import { kind, parseJson, quote, type Ready, type Verdict } from './checkKind.ts';
import { findJson } from './findJson.ts';
import { findFitting, type JsonSchema, readJsonSchema } from './jsonSchema.ts';

type Wanted = JsonSchema | undefined;

function readSchema(value: Json | undefined): Wanted {
  if (value === undefined || value === null || value === '') return undefined;
  const schema = typeof value === 'string' ? parseJson(value) : value;
  if (schema === undefined) throw new Error('its schema is not valid JSON');
  return readJsonSchema(schema);
}

const unjudged = (reason: string): Verdict => ({ holds: null, reason: `The schema was stopped: ${reason}` });

async function isJson(output: string, { value: schema }: Ready<Wanted>): Promise<Verdict> {
  const parsed = parseJson(output);
  if (parsed === undefined) return { holds: false, reason: `Output is not valid JSON: ${quote(output)}` };
  if (schema === undefined) return { holds: true, reason: 'Output is valid JSON' };
  const found = await findFitting([parsed], schema);
  if ('stopped' in found) return unjudged(found.stopped);
  if (found.fits !== null) return { holds: true, reason: 'Output fits the schema' };
  return { holds: false, reason: `Output does not fit the schema: ${found.problems.join('; ')}` };
}

async function containsJson(output: string, { value: schema }: Ready<Wanted>): Promise<Verdict> {
  const values = findJson(output);
  if (values.length === 0) return { holds: false, reason: `Output contains no JSON object or list: ${quote(output)}` };
  const found = schema === undefined ? { fits: 0, problems: [] } : await findFitting(values, schema);
  if ('stopped' in found) return unjudged(found.stopped);
  if (found.fits !== null)
    return { holds: true, reason: `Output contains the JSON ${quote(JSON.stringify(values[found.fits]))}` };
  return { holds: false, reason: `No JSON in the output fits the schema: ${found.problems.join('; ')}` };
}

export const jsonChecks = {
  'is-json': kind<Wanted>({
    by: 'rule',
    about: 'the whole output is JSON, and fits the schema if there is one',
    value: 'nothing, or a JSON schema of draft 7 or 2020-12',
    example: 'is-json:{"type": "object", "required": ["intent"]}',
    read: readSchema,
    judge: isJson,
  }),
  'contains-json': kind<Wanted>({
    by: 'rule',
    about: 'somewhere in the output is a JSON object or list, which fits the schema if there is one',
    value: 'nothing, or a JSON schema of draft 7 or 2020-12',
    example: 'contains-json:{"required": ["intent"]}',
    read: readSchema,
    judge: containsJson,
  }),
};
