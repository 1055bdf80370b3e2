import * as z from 'zod';
import { VaultError } from '../shared/errors.ts';
import type { VersionRecord } from '../vault/types.ts';
import { refusal } from './problem.ts';
import { requirePlain } from './readRoutes.ts';
import { type Reply, type Route, type RouteCall, route } from './route.ts';
import * as shapes from './shapes.ts';

// Drafts alone: nothing here promotes, rolls back or deletes, whatever the token.
const content = {
  messages: z.array(shapes.message.strict()).min(1).max(1000),
  settings: shapes.settings.optional(),
  variables: z.array(shapes.variable.strict()).max(1000).optional(),
  rationale: z.string().max(10_000).optional(),
};
/** An issuer's subject may be called as a token is. */
const actorOf = ({ grant: { id, name } }: RouteCall<unknown, unknown>) =>
  id.startsWith('jwt:') ? id : `token:${name}`;

/** The version as it stands now. Its tag is the revision, which the next edit has to name. */
function written(record: VersionRecord, status: 200 | 201): Reply {
  const location = `/v1/versions/${record.path}?ref=${record.version}`;
  return { value: record, status, etag: `"${record.revision}"`, headers: status === 201 ? ['location', location] : [] };
}

const create = route({
  method: 'POST',
  path: '/v1/prompts',
  id: 'createPrompt',
  summary: 'A new prompt with version 1.0 in DEV',
  scope: 'write',
  body: z.strictObject({
    path: shapes.pathText,
    title: z.string().max(1000).optional(),
    description: z.string().max(10_000).optional(),
    tags: z.array(z.string().max(200)).max(100).optional(),
    ...content,
  }),
  answer: shapes.versionRecord,
  status: 201,
  handle: async (call) => {
    const { engine, body } = call;
    return written(await engine.writeDraft({ actor: actorOf(call), write: { create: body as never } }), 201);
  },
});

const edit = route({
  method: 'PUT',
  path: '/v1/drafts/{path}',
  id: 'editDraft',
  summary: 'Saves a draft in place, as a new revision; the address ends with its version: support/triage@2.4',
  scope: 'write',
  needs: { 'if-match': 'The revision that was read, such as "3"' },
  body: z.strictObject({ ...content, messages: content.messages.optional() }),
  answer: shapes.versionRecord,
  async handle(call) {
    const { engine, path: ref, headers, body } = call;
    if (!/@v?\d+\.\d+$/.test(ref)) {
      throw new VaultError('INVALID_PATH', 'Name a draft with its version: support/triage@2.4', { path: ref });
    }
    const expectRevision = revisionOf(headers['if-match']);
    const write = { edit: { ...body, ref, expectRevision } };
    return written(await engine.writeDraft({ actor: actorOf(call), write: write as never }), 200);
  },
});

function revisionOf(header: string | undefined): number {
  const [, digits] = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header ?? '') ?? [];
  if (digits !== undefined) return Number(digits);
  if (header !== undefined)
    throw new VaultError('INVALID_INPUT', 'If-Match must be one revision', { field: 'if-match' });
  throw refusal(428, 'IF_MATCH_MISSING', 'An edit must say what it was made on', {
    detail: 'Send the revision that was read: If-Match: "3"',
  });
}

const createVersion = route({
  method: 'POST',
  path: '/v1/versions/{path}',
  id: 'createVersion',
  summary: 'A new DEV version, copied from any other; from the latest unless told',
  scope: 'write',
  body: z.strictObject({
    from: z.string().min(1).max(60).optional().meta({ description: 'A version, a stage, latest or a range' }),
    major: z.boolean().optional(),
    rationale: content.rationale,
  }),
  answer: shapes.versionRecord,
  status: 201,
  async handle(call) {
    const { engine, path, body } = call;
    const { from, ...how } = body;
    const ref = from === undefined ? requirePlain(path) : `${requirePlain(path)}@${from}`;
    const write = { createVersion: { ref, ...how } };
    return written(await engine.writeDraft({ actor: actorOf(call), write }), 201);
  },
});

export const writeRoutes: readonly Route[] = [create, edit, createVersion];
