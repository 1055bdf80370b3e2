import assert from 'node:assert/strict';
import { type Schema, Validator } from '@cfworker/json-schema';
import { openApi, routes, streams } from '../../../src/server/routes.ts';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';

type Sample = { path: string; body?: object; headers?: Record<string, string> };
/** At least one request per route, by its id. */
const samples: { [id: string]: readonly Sample[] } = {
  listPrompts: [
    { path: '/v1/prompts' },
    { path: '/v1/prompts?search=sort&limit=1' },
    { path: '/v1/prompts?folder=support&direct=true&tag=mail&stage=PRD&order=recent' },
  ],
  listGroups: [{ path: '/v1/groups?by=folder&limit=1' }, { path: '/v1/groups?by=tag' }],
  getPrompt: [
    { path: '/v1/get/support/triage' },
    { path: '/v1/get/support/triage?range=^1' },
    { path: '/v1/get/support/triage?version=1.0' },
  ],
  renderPrompt: [
    { path: '/v1/render/support/triage', body: { values: { mail: 'x' } } },
    { path: '/v1/render/support/triage', body: { values: { mail: 'x' }, version: '1.1' } },
  ],
  getVersions: [{ path: '/v1/versions/support/triage?limit=1' }, { path: '/v1/versions/support/triage?ref=latest' }],
  getHistory: [{ path: '/v1/history/support/triage?eventLimit=3' }],
  diffVersions: [
    { path: '/v1/diff/support/triage?from=PRD&to=latest' },
    { path: '/v1/diff/support/triage?from=1.0&to=1.1&words=true' },
  ],
  createPrompt: [{ path: '/v1/prompts', body: { path: 'new/one', messages: [{ role: 'user', content: 'Hi' }] } }],
  editDraft: [
    { path: '/v1/drafts/new/one@1.0', headers: { 'if-match': '"1"' }, body: { settings: { temperature: 0.1 } } },
  ],
  createVersion: [{ path: '/v1/versions/support/triage', body: { from: '1.0', major: true, rationale: 'Shorter' } }],
  graphql: [
    { path: '/graphql', body: { query: '{ get(path: "support/triage") { version } }' } },
    { path: '/graphql', body: { query: '{ get(path: "none") { version } }' } },
  ],
  openApi: [{ path: '/openapi.json' }],
};

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: { [type: string]: { schema: object } } };
  responses: {
    [status: string]: { $ref?: string; description?: string; content?: { [type: string]: { schema: object } } };
  };
  security?: object[];
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: { [path: string]: { [method: string]: Operation } };
  components: { schemas: { [name: string]: object }; responses: object; securitySchemes: object };
  security: object[];
};

const document = openApi as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** What is wrong with an answer by the document, as a client's own validator would find it. */
function problemsOf(id: string, status: number, json: unknown): string[] {
  const { operation } = operations.find((one) => one.operation.operationId === id)!;
  const schema = operation.responses[status]?.content?.['application/json']?.schema;
  if (!schema) return [`${id} ${status} is not described`];
  const whole = { ...schema, components: document.components } as Schema;
  return new Validator(whole, '2020-12').validate(json).errors.map(({ error }) => error);
}

describe('the routes of the API', () => {
  let served: ServedVault;
  before(async () => {
    served = await serveNewVault();
    await release(served.engine);
  });
  after(() => served.close());

  it('all have a request here', () => {
    assert.deepEqual(routes.map(({ id }) => id).sort(), Object.keys(samples).sort());
  });

  for (const line of routes) {
    it(`${line.id} answers what its schema says, and nothing else`, async () => {
      for (const { path, body, headers } of samples[line.id]!) {
        const init = { method: line.method, headers, body: body && JSON.stringify(body) };
        const { status, json } = await served.ask(path, init, 'write');
        assert.equal(status, line.status ?? 200, JSON.stringify(json));
        assert.deepEqual(line.answer.parse(json), json);
        assert.deepEqual(problemsOf(line.id, status, json), []);
      }
    });

    it(`${line.id} lets in nobody without a token, nor one for less than it needs`, async () => {
      const { path, body } = samples[line.id]![0]!;
      const init = { method: line.method, body: body && JSON.stringify(body) };
      assert.equal((await served.ask(path, init, null)).status, 401);
      for (const less of ['read-prd', 'read'] as const) {
        if (less === line.scope) break;
        const refused = await served.ask(path, init, less);
        assert.equal(refused.status, 403);
        assert.equal(refused.json.code, 'FORBIDDEN');
      }
    });
  }

  it('promote, roll back or delete nothing', () => {
    assert.deepEqual(
      routes.filter(({ scope }) => scope === 'write').map(({ id }) => id),
      ['createPrompt', 'editDraft', 'createVersion'],
    );
    assert.deepEqual([...new Set(routes.map(({ method }) => method))].sort(), ['GET', 'POST', 'PUT']);
  });
});

describe('the OpenAPI document', () => {
  it('has what OpenAPI 3.1 requires', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.ok(document.info.title && document.info.version);
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, routes.length + streams.length + 1);
    for (const { path, operation } of operations) {
      assert.ok(path.startsWith('/'));
      for (const response of Object.values(operation.responses)) assert.ok(response.$ref ?? response.description);
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path');
      assert.deepEqual(
        inPath.map(({ name, required }) => [name, required]),
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]),
      );
    }
  });

  it('refers only to what it holds', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    assert.ok(refs.length > 30);
    for (const ref of refs) {
      const found = ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      assert.ok(found, ref);
    }
  });

  it('finds what is wrong with an answer', () => {
    assert.deepEqual(problemsOf('getPrompt', 200, { path: 'a' }).length > 0, true);
  });

  it('wants a token everywhere but for the health', () => {
    assert.deepEqual(document.security, [{ token: [] }]);
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    assert.deepEqual(
      open.map(({ path }) => path),
      ['/v1/health'],
    );
  });
});
