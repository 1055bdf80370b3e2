import * as z from 'zod';
import { revalidate } from './answer.ts';
import { graphqlRoute } from './graphqlRoute.ts';
import { groupRoute } from './groupRoute.ts';
import { openApiOf } from './openApi.ts';
import { readRoutes } from './readRoutes.ts';
import { type Route, route, type StreamRoute } from './route.ts';
import { writeRoutes } from './writeRoutes.ts';

const changes: StreamRoute = {
  method: 'GET',
  path: '/v1/changes',
  id: 'followChanges',
  summary: 'The log as server-sent events, from `after` or the header Last-Event-ID on, else from now',
  scope: 'read-prd',
  query: z.strictObject({ after: z.coerce.number().int().min(0).optional() }),
  contentType: 'text/event-stream',
};

/** Everything the API answers with JSON, but for `/v1/health`. */
export const routes: readonly Route[] = [
  ...readRoutes,
  groupRoute,
  ...writeRoutes,
  graphqlRoute,
  route({
    method: 'GET',
    path: '/openapi.json',
    id: 'openApi',
    summary: 'This document',
    scope: 'read-prd',
    answer: z.looseObject({ openapi: z.literal('3.1.0') }),
    handle: async () => ({ value: openApi, cacheControl: revalidate }),
  }),
];
/** And what it streams. */
export const streams: readonly StreamRoute[] = [changes];

/** A document of JSON, made once. */
export const openApi: object = openApiOf(routes, streams);
