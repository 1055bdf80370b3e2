import * as z from 'zod';
import { codeOf, VaultError } from '../shared/errors.ts';
import type { PromptList, Served } from '../vault/types.ts';
import { forEver, revalidate } from './answer.ts';
import { refusal } from './problem.ts';
import { type Route, type RouteCall, reaches, route } from './route.ts';
import * as shapes from './shapes.ts';
import { stages } from './vaultWords.ts';

const limit = z.coerce.number().int().min(1).max(1000).optional().meta({ description: '200 unless told' });
const whole = z.coerce.number().int().min(0);
const exact = z
  .string()
  .regex(/^v?[1-9]\d{0,8}\.(0|[1-9]\d{0,8})(\.0)?$/)
  .meta({ description: 'Exactly this version, such as 2.3' });
const range = z
  .string()
  .regex(/^[\d\s.^~<>=|*xX-]{1,60}$/)
  .meta({ description: 'The highest released version in a semver range, such as ^2' });
/** The PRD version unless told. */
export const choice = z.strictObject({ range: range.optional(), version: exact.optional() });
type Choice = z.output<typeof choice>;

/** `path`, `path@^2` or `path@2.3`. */
export function refFrom(path: string, { range, version }: Choice): string {
  if (range !== undefined && version !== undefined) {
    throw new VaultError('INVALID_INPUT', 'Give a range or a version, not both', { field: 'range' });
  }
  requirePlain(path);
  const selector = version ?? range;
  return selector === undefined ? path : `${path}@${selector}`;
}

/** What stands in an address as the path may not select a version on the quiet. */
export function requirePlain(path: string): string {
  if (path.includes('@')) throw new VaultError('INVALID_PATH', `"${path}" is not a prompt's path`, { path });
  return path;
}

/** What is released. Who may see nothing else is not told what else there is. */
export async function findReleased(
  { engine, grant }: Pick<RouteCall<unknown, unknown>, 'engine' | 'grant'>,
  ref: string,
): Promise<Served> {
  try {
    return await engine.get({ ref });
  } catch (error) {
    if (reaches(grant.scope, 'read') || codeOf(error) !== 'NOT_FOUND') throw error;
    throw new VaultError('NOT_FOUND', `Nothing that is released fits ${ref}`, { ref });
  }
}

const get = route({
  method: 'GET',
  path: '/v1/get/{path}',
  id: 'getPrompt',
  summary: 'What production gets: the PRD version, or the released version that is asked for',
  scope: 'read-prd',
  query: choice,
  answer: shapes.served,
  async handle(call) {
    const served = await findReleased(call, refFrom(call.path, call.query));
    return {
      value: served,
      etag: `"${served.version}-${served.hash}"`,
      cacheControl: call.query.version === undefined ? revalidate : forEver,
    };
  },
});

const listQuery = z.strictObject({
  folder: z.string().max(400).optional(),
  direct: z.stringbool().optional().meta({ type: 'boolean', description: 'Nothing from below the folder' }),
  tag: z.string().max(200).optional(),
  stage: z.enum(stages).optional(),
  label: z.string().max(200).optional(),
  search: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'Needs the scope read: texts of drafts are searched too' }),
  limit,
  offset: whole.optional(),
  order: z.enum(['path', 'recent']).optional(),
  after: z.string().max(400).optional(),
  afterSeq: whole.optional(),
});
type ListQuery = z.output<typeof listQuery>;

const list = route({
  method: 'GET',
  path: '/v1/prompts',
  id: 'listPrompts',
  summary: 'Prompts, by page',
  scope: 'read-prd',
  query: listQuery,
  answer: shapes.promptList,
  async handle({ engine, grant, query }) {
    const found = reaches(grant.scope, 'read')
      ? await engine.list(query)
      : inProduction(await engine.list(forProduction(query)));
    return { value: found, cacheControl: revalidate };
  },
});

/** Who is told of production alone can ask for nothing that depends on drafts: neither words in them nor when they changed. */
export function forProduction(query: ListQuery): ListQuery {
  const { stage = 'PRD' } = query;
  if (stage !== 'PRD' || query.search !== undefined || query.label !== undefined || query.order === 'recent') {
    throw refusal(403, 'FORBIDDEN', 'This token sees only what is in PRD', {
      detail: 'Other stages, labels, search and the order of changes need a token with the scope read',
    });
  }
  return { ...query, stage };
}

export function inProduction({ prompts, ...list }: PromptList) {
  const told = prompts.map(({ path, title, description, tags, stages: { PRD } }) => ({
    path,
    title,
    description,
    tags,
    stages: { PRD },
  }));
  return { ...list, prompts: told };
}

const versions = route({
  method: 'GET',
  path: '/v1/versions/{path}',
  id: 'getVersions',
  summary: 'All versions of a prompt, highest first; with `ref` one of them whole',
  scope: 'read',
  query: z.strictObject({
    ref: z.string().max(60).optional().meta({ description: 'A version, a stage, latest or a range, such as 2.3' }),
    limit,
    before: exact.optional().meta({ description: 'The last version of the page before' }),
  }),
  answer: z.union([shapes.versionPage, shapes.versionRecord]),
  async handle({ engine, path, query }) {
    requirePlain(path);
    if (query.ref !== undefined) {
      return { value: await engine.show({ ref: `${path}@${query.ref}` }), cacheControl: revalidate };
    }
    const { versions, more } = await engine.history({
      path,
      versionLimit: query.limit,
      versionsBefore: query.before,
      eventLimit: 0,
    });
    return { value: { path, versions, more: more.versions }, cacheControl: revalidate };
  },
});

const history = route({
  method: 'GET',
  path: '/v1/history/{path}',
  id: 'getHistory',
  summary: 'Versions and log entries of a prompt, a page of each',
  scope: 'read',
  query: z.strictObject({
    versionLimit: limit,
    eventLimit: limit,
    versionsBefore: exact.optional(),
    eventsBefore: whole.optional(),
  }),
  answer: shapes.history,
  handle: async ({ engine, path, query }) => ({
    value: await engine.history({ path: requirePlain(path), ...query }),
    cacheControl: revalidate,
  }),
});

const selector = z.string().min(1).max(60);
const diff = route({
  method: 'GET',
  path: '/v1/diff/{path}',
  id: 'diffVersions',
  summary: 'What differs between two versions of a prompt',
  scope: 'read',
  query: z.strictObject({
    from: selector.meta({ description: 'A version, a stage, latest or a range', examples: ['PRD'] }),
    to: selector.meta({ examples: ['latest'] }),
    words: z.stringbool().optional().meta({ type: 'boolean', description: 'By words instead of lines' }),
  }),
  answer: shapes.diff,
  async handle({ engine, path, query: { from, to, words } }) {
    requirePlain(path);
    const value = await engine.diff({ from: `${path}@${from}`, to: `${path}@${to}`, words });
    return { value, cacheControl: revalidate };
  },
});

/** Characters at most: more than any model reads, and little enough that nobody fills the server's memory with a value used often. */
const longestRendering = 8 * 1024 * 1024;

const renderedTooLong = () =>
  refusal(413, 'TOO_LARGE', `The rendered prompt is longer than ${longestRendering} characters`);

const render = route({
  method: 'POST',
  path: '/v1/render/{path}',
  id: 'renderPrompt',
  summary: 'A version with its variables filled in; PRD unless told',
  scope: 'read-prd',
  body: choice.extend({ values: shapes.values }),
  answer: shapes.rendered,
  async handle(call) {
    const { engine, grant, body } = call;
    const asked = refFrom(call.path, body);
    const drafts = reaches(grant.scope, 'read') && body.version !== undefined;
    const { path, version, hash } = drafts ? await engine.show({ ref: asked }) : await findReleased(call, asked);
    const rendering = engine.render({ ref: `${path}@${version}`, values: body.values as never });
    const { messages, warnings } = await rendering.catch((error) => {
      // Half a gigabyte, which no text of JavaScript can be.
      throw error?.cause instanceof RangeError ? renderedTooLong() : error;
    });
    if (messages.reduce((sum, { content }) => sum + content.length, 0) > longestRendering) throw renderedTooLong();
    return { value: { path, version, hash, messages, warnings } };
  },
});

export const readRoutes: readonly Route[] = [list, get, render, versions, history, diff];
