import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { Route, StreamRoute } from './route.ts';
import { eventData, health, problem } from './shapes.ts';

type Schema = { [key: string]: unknown };
type Operation = Route | StreamRoute;

/** The OpenAPI 3.1 document of the table of routes. */
export function openApiOf(routes: readonly Route[], streams: readonly StreamRoute[]): Schema {
  const schemas: Schema = {};
  const schemaOf = (type: z.ZodType) => withShared(z.toJSONSchema(type, { io: 'input' }), schemas);
  const problems = {
    description: 'A problem: RFC 9457',
    content: contentOf('application/problem+json', schemaOf(problem)),
  };
  const paths: { [path: string]: Schema } = {
    '/v1/health': { get: healthOperation(schemaOf(health)) },
  };
  schemaOf(eventData);
  for (const line of [...routes, ...streams]) {
    paths[line.path] = { ...paths[line.path], [line.method.toLowerCase()]: operationOf(line, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'PromptVault',
      version: manifest.version,
      summary: 'The prompts that production runs, their versions and drafts',
      license: { name: manifest.license, identifier: manifest.license },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      responses: { Problem: problems },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'promptvault token create, or a JSON Web Token of the issuer',
        },
      },
    },
  };
}

function operationOf(line: Operation, schemaOf: (type: z.ZodType) => Schema): Schema {
  const { id, summary, scope, query, needs = {} } = line;
  const parameters = [
    ...(line.path.includes('{path}') ? [pathParameter] : []),
    ...(query ? queryParameters(schemaOf(query)) : []),
    ...Object.entries(needs).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
  ];
  const body =
    'body' in line && line.body
      ? { requestBody: { required: true, content: contentOf('application/json', schemaOf(line.body)) } }
      : {};
  const answered =
    'contentType' in line
      ? contentOf(line.contentType, { type: 'string' })
      : contentOf('application/json', schemaOf(line.answer));
  return {
    operationId: id,
    summary,
    description: `Needs a token with the scope ${scope}.`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...body,
    responses: {
      [String(line.status ?? 200)]: { description: 'Done', content: answered },
      ...(line.method === 'GET' && !('contentType' in line)
        ? { 304: { description: 'What If-None-Match names is what there is' } }
        : {}),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const pathParameter = {
  name: 'path',
  in: 'path',
  required: true,
  description: 'The path of a prompt; its slashes stand as they are',
  schema: { type: 'string', examples: ['support/triage'] },
};

function queryParameters({ properties = {}, required = [] }: { properties?: Schema; required?: string[] }): Schema[] {
  return Object.entries(properties as { [name: string]: Schema }).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

const contentOf = (type: string, schema: Schema) => ({ [type]: { schema } });

const healthOperation = (schema: Schema): Schema => ({
  operationId: 'health',
  summary: 'Whether the server runs and reads its vault; says nothing of the vault',
  security: [],
  responses: {
    200: { description: 'It does', content: contentOf('application/json', schema) },
    default: { $ref: '#/components/responses/Problem' },
  },
});

/** Named shapes go to the document's components, and what refers to them finds them there. */
function withShared(schema: object, components: Schema): Schema {
  const moved = JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Schema;
  const { $schema: _dialect, $defs = {}, ...own } = moved;
  Object.assign(components, $defs);
  return own;
}
