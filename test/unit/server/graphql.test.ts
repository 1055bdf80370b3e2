import assert from 'node:assert/strict';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { graphqlSchema } from '../../../src/server/graphqlSchema.ts';
import { release, type ServedVault, serveNewVault } from '../../support/servedVault.ts';

type Answer = { data?: Record<string, never> | null; errors?: { message: string; extensions?: { code?: string } }[] };

describe('GraphQL', () => {
  let served: ServedVault;
  before(async () => {
    served = await serveNewVault();
    await release(served.engine);
  });
  after(() => served.close());
  async function ask(query: string, variables?: object, more: object = {}) {
    const { status, json } = await served.ask('/graphql', {
      method: 'POST',
      body: JSON.stringify({ query, variables, ...more }),
    });
    return { status, ...(json as Answer) };
  }

  it('answers what REST answers', async () => {
    const { data, errors } = await ask(
      `query ($path: String!, $values: JSON!) {
        get(path: $path, range: "^1") { path version hash messages { role content } settings variables { name default description } }
        render(path: $path, values: $values) { messages { content } warnings { kind } }
        version(path: $path, ref: "latest") { version stage messages { content } }
        versions(path: $path, limit: 1) { versions { version } more }
        history(path: $path, eventLimit: 2) { events { kind actor details } more { events versions } }
        diff(path: $path, from: "PRD", to: "latest", words: true) { same messages { change parts { op text } } }
        prompts(stage: PRD, search: "sort") { total prompts { path snippet stages { DEV PRD } } next { after } }
      }`,
      { path: 'support/triage', values: { mail: { any: ['json'] } } },
    );
    assert.equal(errors, undefined);
    const rest = async (path: string) => (await served.ask(path)).json;
    const all = data as unknown as Record<string, Record<string, unknown>>;
    const { variables, ...got } = all.get!;
    const { variables: declared, ...expected } = await rest('/v1/get/support/triage');
    assert.deepEqual(got, expected);
    assert.deepEqual(
      variables,
      (declared as object[]).map((one) => ({ default: null, description: null, ...one })),
    );
    assert.deepEqual(all.render!.messages, [{ content: 'Sort {"any":["json"]}.' }]);
    assert.equal(all.version!.version, '1.1');
    assert.deepEqual(all.versions, { versions: [{ version: '1.1' }], more: true });
    assert.equal((all.history!.events as object[]).length, 2);
    assert.equal(all.diff!.same, false);
    assert.equal(all.prompts!.total, 1);
  });

  it('tells the code of what failed beside what did not', async () => {
    const { status, data, errors } = await ask(
      '{ none: get(path: "none") { version } one: get(path: "support/triage") { version } }',
    );
    assert.deepEqual([status, data], [200, { none: null, one: { version: '1.0' } }]);
    assert.deepEqual([errors?.length, errors?.[0]?.extensions?.code], [1, 'NOT_FOUND']);
    const bad = await ask('{ get(path: "support/triage", version: "TST") { version } }');
    assert.equal(bad.errors?.[0]?.extensions?.code, 'INVALID_INPUT');
  });

  it('refuses what is no query of its own', async () => {
    for (const query of [
      '{',
      '{ nothing }',
      'mutation { promote }',
      '{ get { version } }',
      'subscription { changes }',
    ]) {
      assert.equal((await ask(query)).status, 400, query);
    }
    const two = 'query a { __typename } query b { __typename }';
    assert.equal((await ask(two)).status, 400);
    assert.deepEqual((await ask(two, {}, { operationName: 'b' })).data, { __typename: 'Query' });
  });

  it('refuses what asks for too much at once', async () => {
    const gets = (from: number, to: number, fields = 'version') =>
      Array.from({ length: to - from }, (_, i) => `a${from + i}: get(path: "support/triage") { ${fields} }`).join(' ');
    const inFragments = `{ ...f ...g } fragment f on Query { ${gets(0, 6)} } fragment g on Query { ... on Query { ${gets(6, 11)} } }`;
    const wide = Array.from({ length: 60 }, (_, i) => `v${i}: version`).join(' ');
    const doubling = Array.from(
      { length: 25 },
      (_, i) => `fragment f${i} on Served { ...f${i + 1} ... { ...f${i + 1} } }`,
    );
    const bomb = `{ get(path: "x") { ...f0 } } ${doubling.join(' ')} fragment f25 on Served { version }`;
    const often = (name: string) => Array.from({ length: 30 }, (_, i) => `a${i}: ${name}`).join(' ');
    const explained = `{ __schema { ...s } } fragment s on __Schema { ${often('types { ...t }')} } fragment t on __Type { ${often('fields { name }')} }`;
    assert.equal((await ask(`{ ${gets(0, 10)} }`)).status, 200);
    for (const query of [`{ ${gets(0, 11)} }`, inFragments, `{ ${gets(0, 10, wide)} }`, bomb, explained]) {
      const begun = performance.now();
      const { status, errors } = await ask(query);
      assert.equal(status, 400, query.slice(0, 80));
      assert.match(errors![0]!.message, /too much at once/);
      assert.ok(performance.now() - begun < 8000);
    }
    assert.equal((await ask(`{ ${'#'.repeat(20_000)}\n __typename }`)).status, 400);
    const deep = `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} }'.repeat(5)} } } }`;
    assert.equal((await ask(deep)).status, 400);
  });

  it('explains itself to who has a token', async () => {
    const { data } = await ask(getIntrospectionQuery());
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    assert.equal(printSchema(schema), printSchema(graphqlSchema));
  });
});
