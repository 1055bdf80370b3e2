import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dereference, type Schema } from '@cfworker/json-schema';
import type { Json } from '../../shared/json.ts';
import { createKillableProcess, type KillableAnswer } from '../killableProcess.ts';
import { isObject } from './checkKind.ts';
import { keywordProblems, slowKeywords } from './schemaKeywords.ts';
import { judgeBySchema, type SchemaFinding, type SchemaJob } from './schemaWork.ts';

/** A schema that can be judged by; `slow` when nobody knows for how long. */
export type JsonSchema = Omit<SchemaJob, 'values'> & { slow: boolean };

export const schemaLimits = { milliseconds: 500, textLength: 1_000_000 };
const drafts: readonly [names: RegExp, draft: SchemaJob['draft']][] = [
  [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, '7'],
  [/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, '2020-12'],
];

/** Reads a schema of draft 7 or 2020-12, the latter unless it says. Throws in words what of it cannot be judged. */
export function readJsonSchema(given: Json): JsonSchema {
  const keywords = new Set<string>();
  const problems = keywordProblems(given, (keyword) => keywords.add(keyword));
  if (problems.length > 0) throw new Error(`its schema cannot be used: ${problems.slice(0, 10).join('; ')}`);
  const named = isObject(given) ? given.$schema : undefined;
  const draft = named === undefined ? '2020-12' : drafts.find(([names]) => names.test(String(named)))?.[1];
  if (!draft) throw new Error(`its schema is of ${String(named)}; drafts 7 and 2020-12 are known`);
  const schema = JSON.stringify(given);
  const missing = missingReference(JSON.parse(schema) as Schema | boolean);
  if (missing) throw new Error(`its schema has no ${missing}, and none is fetched from elsewhere`);
  return { schema, draft, slow: slowKeywords.some((keyword) => keywords.has(keyword)) };
}

/** The library notes at each reference which of the schemas it means. */
function missingReference(schema: Schema | boolean): string | undefined {
  const known = dereference(schema);
  for (const part of Object.values(known)) {
    if (typeof part === 'boolean' || part.$ref === undefined) continue;
    if (known[part.__absolute_ref__ ?? part.$ref] === undefined) return part.$ref;
  }
  return undefined;
}

/** The build puts the work beside the bundle; in the sources it is a file of its own too. */
const built = join(import.meta.dirname, 'checks', 'schemaWork.js');
const workFile = existsSync(built) ? built : join(import.meta.dirname, 'schemaWork.ts');
const aside = createKillableProcess<SchemaJob, SchemaFinding>({
  milliseconds: schemaLimits.milliseconds,
  // Loaded when the process starts: that time is not the job's.
  answer: `require(${JSON.stringify(workFile)}).judgeBySchema`,
});

/** Judges values by a schema; `stopped` when it took too long. Never rejects. */
export async function findFitting(values: readonly Json[], schema: JsonSchema): Promise<KillableAnswer<SchemaFinding>> {
  const { slow, ...rest } = schema;
  try {
    const job = { ...rest, values: JSON.stringify(values) };
    if (!slow) return judgeBySchema(job);
    if (job.values.length > schemaLimits.textLength)
      return { stopped: `the output is longer than ${schemaLimits.textLength} characters` };
    return await aside.run(job);
  } catch (error) {
    // Nested deeper than the stack.
    return { stopped: (error as Error).message };
  }
}
