import { execute, GraphQLError, parse, recommendedRules, specifiedRules, validate } from 'graphql';
import * as z from 'zod';
import { graphqlLimits, overLimits } from './graphqlLimits.ts';
import { graphqlSchema, resolvers } from './graphqlSchema.ts';
import { type RouteCall, route } from './route.ts';
import { json } from './shapes.ts';

const request = z.strictObject({
  query: z.string().min(1).max(20_000),
  variables: z.record(z.string(), json).nullish(),
  operationName: z.string().max(200).nullish(),
  extensions: z.unknown().optional(),
});
type Request = z.output<typeof request>;
const answer = z.object({
  data: z.record(z.string(), json).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        locations: z.array(z.object({ line: z.int(), column: z.int() })).optional(),
        path: z.array(z.union([z.string(), z.int()])).optional(),
        extensions: z.record(z.string(), json).optional(),
      }),
    )
    .optional(),
});

/** By POST with JSON alone: what a page of another origin or a link can send is never a query. */
export const graphqlRoute = route({
  method: 'POST',
  path: '/graphql',
  id: 'graphql',
  summary: 'The same reads as GraphQL; each field needs the scope of its REST route',
  scope: 'read-prd',
  body: request,
  answer,
  async handle(call: RouteCall<unknown, Request>) {
    const { query, variables, operationName } = call.body;
    const document = parsed(query);
    if (document instanceof GraphQLError) return { value: { errors: [document] }, status: 400 };
    const errors = validate(graphqlSchema, document, [...specifiedRules, ...recommendedRules], { maxErrors: 10 });
    const refused = errors.length > 0 ? errors : overLimits(document);
    if (refused.length > 0) return { value: { errors: refused }, status: 400 };
    const result = await execute({
      schema: graphqlSchema,
      document,
      rootValue: resolvers,
      contextValue: call,
      variableValues: variables ?? undefined,
      operationName: operationName ?? undefined,
    });
    const broken = result.errors?.find(({ extensions }) => Number(extensions.status) >= 500);
    // What is not the query's fault fails the request as it does everywhere, so that it is in the log.
    if (broken) throw causeOf(broken);
    return { value: result, status: result.data === undefined ? 400 : 200 };
  },
});

function parsed(query: string) {
  try {
    return parse(query, { maxLexicalTokens: graphqlLimits.tokens, noLocation: false });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** The library wraps what a resolver threw, once more for each place it passes. */
function causeOf(error: Error): Error {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error;
}
