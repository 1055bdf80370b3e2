import * as z from 'zod';
import { revalidate } from './answer.ts';
import { route } from './route.ts';

const group = z.object({ name: z.string(), count: z.int(), direct: z.int().optional() }).meta({ id: 'Group' });

/** What a list can be narrowed to, without reading all of it. Drafts are counted too, so it needs more than read-prd. */
export const groupRoute = route({
  method: 'GET',
  path: '/v1/groups',
  id: 'listGroups',
  summary: 'The folders right below one, the tags or the stages, each with how many prompts it has',
  scope: 'read',
  query: z.strictObject({
    by: z.enum(['folder', 'tag', 'stage']),
    parent: z
      .string()
      .max(400)
      .optional()
      .meta({ description: 'With folders: those right below it; the top unless told' }),
    after: z.string().max(400).optional().meta({ description: 'The last name of the page before' }),
    limit: z.coerce.number().int().min(1).max(1000).optional().meta({ description: '200 unless told' }),
  }),
  answer: z.object({ groups: z.array(group), more: z.boolean() }).meta({ id: 'GroupPage' }),
  handle: async ({ engine, query }) => ({ value: await engine.groups(query), cacheControl: revalidate }),
});
