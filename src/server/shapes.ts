import * as z from 'zod';
import type { Json } from '../shared/json.ts';
import { roles, stages } from './vaultWords.ts';

/** The shapes of the API, as the CLI prints them. */
const time = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });
const number = z.string().meta({ examples: ['2.3'], description: 'A version: major.minor' });
const contentHash = z.string().meta({ description: 'SHA-256 of the canonical content', examples: ['sha256:…'] });
// What comes in was read by JSON.parse and what goes out is written by JSON.stringify: it is JSON already.
export const json = z.unknown().meta({ id: 'Json', description: 'Any JSON value' }) as z.ZodType<Json>;
export const settings = z
  .record(z.string(), json)
  .meta({ id: 'Settings', description: 'Model settings, such as temperature' });
export const pathText = z
  .string()
  .min(1)
  .max(400)
  .meta({ examples: ['support/triage'] });

export const message = z.object({ role: z.enum(roles), content: z.string() }).meta({ id: 'Message' });
export const variable = z
  .object({ name: z.string(), default: z.string().optional(), description: z.string().optional() })
  .meta({ id: 'Variable' });

export const served = z
  .object({
    path: pathText,
    version: number,
    hash: contentHash,
    messages: z.array(message),
    settings,
    variables: z.array(variable),
  })
  .meta({ id: 'Served', description: 'What production gets' });

const versionFields = {
  path: pathText,
  title: z.string(),
  version: number,
  stage: z.enum(stages),
  hash: contentHash,
  revision: z.int(),
  settings,
  variables: z.array(variable),
  tags: z.array(z.string()),
  labels: z.array(z.string()),
  rationale: z.string(),
  copiedFrom: number.nullable(),
  rollbackOf: number.nullable(),
  createdAt: time,
  createdBy: z.string(),
  updatedAt: time,
  updatedBy: z.string(),
  deployedAt: time.nullable(),
  retiredAt: time.nullable(),
  replacedBy: number.nullable(),
};
export const versionInfo = z
  .object(versionFields)
  .meta({ id: 'VersionInfo', description: 'A version without its messages' });
export const versionRecord = z
  .object({ ...versionFields, description: z.string(), messages: z.array(message) })
  .meta({ id: 'Version', description: 'A version whole' });

export const summary = z
  .object({
    path: pathText,
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    stages: z.object({
      DEV: z.int().optional(),
      TST: z.int().optional(),
      PRD: number.nullable(),
      RET: z.int().optional(),
    }),
    latest: number.optional(),
    updatedAt: time.optional(),
    changedSeq: z.int().optional(),
    snippet: z.string().optional(),
  })
  .meta({ id: 'Prompt', description: 'A prompt in a list. A token for PRD alone is told of PRD alone' });
export const promptList = z
  .object({
    total: z.int(),
    prompts: z.array(summary),
    capped: z.literal(true).optional(),
    next: z
      .object({ after: z.string().optional(), afterSeq: z.int().optional(), offset: z.int().optional() })
      .nullable()
      .meta({ description: 'What to add to the query for the page after this one; null on the last' }),
  })
  .meta({ id: 'PromptList' });

export const vaultEvent = z
  .object({
    seq: z.int(),
    at: time,
    actor: z.string(),
    kind: z.string(),
    path: z.string().nullable(),
    version: z.string().nullable(),
    reason: z.string().nullable(),
    details: json,
  })
  .meta({ id: 'Event', description: 'An entry of the append-only log' });
/** What an event of the stream holds: an entry whole, or for a token for PRD alone what is released where. */
export const eventData = z
  .object({
    ...vaultEvent.partial().shape,
    seq: z.int(),
    at: time,
    kind: z.string(),
    path: z.string().nullable(),
    version: z.string().nullable(),
    hash: contentHash.optional(),
    replacedBy: number.optional(),
  })
  .meta({ id: 'EventData', description: 'JSON in the field data of the events of /v1/changes' });
export const versionPage = z
  .object({ path: pathText, versions: z.array(versionInfo), more: z.boolean() })
  .meta({ id: 'VersionPage' });
export const history = z
  .object({
    path: pathText,
    versions: z.array(versionInfo),
    events: z.array(vaultEvent),
    more: z.object({ versions: z.boolean(), events: z.boolean() }),
  })
  .meta({ id: 'History' });

const side = z.object({ path: pathText, version: number, stage: z.enum(stages), hash: contentHash });
export const diff = z
  .object({
    from: side,
    to: side,
    same: z.boolean(),
    messages: z.array(
      z.object({
        index: z.int(),
        role: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        by: z
          .enum(['words', 'lines', 'whole'])
          .meta({ description: 'Coarser than asked for where the texts are too long and too different' }),
        parts: z.array(z.object({ op: z.enum(['same', 'add', 'remove']), text: z.string() })),
      }),
    ),
    settings: z.array(z.object({ key: z.string(), from: json, to: json })),
    variables: z.array(z.object({ name: z.string(), from: variable.nullable(), to: variable.nullable() })),
    unified: z.string(),
  })
  .meta({ id: 'Diff' });

export const rendered = z
  .object({
    path: pathText,
    version: number,
    hash: contentHash,
    messages: z.array(message),
    warnings: z.array(
      z.object({ kind: z.enum(['undeclared', 'malformed', 'unused']), text: z.string(), message: z.int() }),
    ),
  })
  .meta({ id: 'Rendered' });

export const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export const problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), json).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const values = z.record(z.string(), json).meta({ description: 'A value for each variable' });
