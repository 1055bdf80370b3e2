import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { refusal, toProblem } from './problem.ts';
import { parseWith } from './readRequest.ts';
import { readRoutes } from './readRoutes.ts';
import { type Route, type RouteCall, reaches } from './route.ts';

// The same shapes as the REST answers, so that one page of documentation serves both.
const text = `
"Any JSON value"
scalar JSON
enum Stage { DEV TST PRD RET }
type Message { role: String! content: String! }
type Variable { name: String! default: String description: String }
type Served { path: String! version: String! hash: String! messages: [Message!]! settings: JSON! variables: [Variable!]! }
type StageCounts { DEV: Int TST: Int PRD: String RET: Int }
type Prompt {
  path: String! title: String! description: String! tags: [String!]! stages: StageCounts!
  latest: String updatedAt: String changedSeq: Int snippet: String
}
type Next { after: String afterSeq: Int offset: Int }
type PromptList { total: Int! capped: Boolean prompts: [Prompt!]! next: Next }
type Version {
  path: String! title: String! version: String! stage: Stage! hash: String! revision: Int! settings: JSON!
  variables: [Variable!]! tags: [String!]! labels: [String!]! rationale: String! copiedFrom: String rollbackOf: String
  createdAt: String! createdBy: String! updatedAt: String! updatedBy: String! deployedAt: String retiredAt: String replacedBy: String
  "Only of one version that is asked for"
  description: String
  "Only of one version that is asked for"
  messages: [Message!]
}
type VersionPage { path: String! versions: [Version!]! more: Boolean! }
type Event { seq: Int! at: String! actor: String! kind: String! path: String version: String reason: String details: JSON }
type More { versions: Boolean! events: Boolean! }
type History { path: String! versions: [Version!]! events: [Event!]! more: More! }
type Side { path: String! version: String! stage: Stage! hash: String! }
type Part { op: String! text: String! }
type MessageDiff { index: Int! role: String! change: String! by: String! parts: [Part!]! }
type SettingDiff { key: String! from: JSON to: JSON }
type VariableDiff { name: String! from: Variable to: Variable }
type Diff {
  from: Side! to: Side! same: Boolean! unified: String!
  messages: [MessageDiff!]! settings: [SettingDiff!]! variables: [VariableDiff!]!
}
type Warning { kind: String! text: String! message: Int! }
type Rendered { path: String! version: String! hash: String! messages: [Message!]! warnings: [Warning!]! }

"What fails is null, with its error beside what did not"
type Query {
  "Prompts, by page. A token for PRD alone is told of PRD alone"
  prompts(folder: String, direct: Boolean, tag: String, stage: Stage, label: String, search: String, limit: Int,
    offset: Int, order: String, after: String, afterSeq: Int): PromptList
  "What production gets: the PRD version, or the released version that is asked for"
  get(path: String!, range: String, version: String): Served
  "A version with its variables filled in; PRD unless told"
  render(path: String!, values: JSON!, range: String, version: String): Rendered
  versions(path: String!, limit: Int, before: String): VersionPage
  "One version whole: ref is a number, a stage, latest or a range"
  version(path: String!, ref: String!): Version
  history(path: String!, versionLimit: Int, eventLimit: Int, versionsBefore: String, eventsBefore: Int): History
  diff(path: String!, from: String!, to: String!, words: Boolean): Diff
}`;

/** Fields of `Query` and the REST routes that answer them. */
const answeredBy: { readonly [field: string]: string } = {
  prompts: 'listPrompts',
  get: 'getPrompt',
  render: 'renderPrompt',
  versions: 'getVersions',
  version: 'getVersions',
  history: 'getHistory',
  diff: 'diffVersions',
};

export const graphqlSchema: GraphQLSchema = buildSchema(text);

type Caller = Pick<RouteCall<unknown, unknown>, 'engine' | 'grant' | 'headers'>;
type Arguments = { path?: string; [name: string]: unknown };

/** Each field asks its REST route: the same checks, scopes and answers. */
export const resolvers = Object.fromEntries(
  Object.entries(answeredBy).map(([field, id]) => {
    const route = readRoutes.find((one) => one.id === id)!;
    return [field, (given: Arguments, caller: Caller) => ask(route, given, caller)];
  }),
);

async function ask(route: Route, { path = '', ...given }: Arguments, caller: Caller): Promise<unknown> {
  try {
    if (!reaches(caller.grant.scope, route.scope)) {
      throw refusal(403, 'FORBIDDEN', `This needs a token with the scope ${route.scope}`);
    }
    const query = route.query && parseWith(route.query, asQuery(given), 'query');
    const body = route.body && parseWith(route.body, withoutNulls(given), 'body');
    return (await route.handle({ ...caller, path, query, body })).value;
  } catch (error) {
    const { code, status, title, detail } = toProblem(error);
    throw new GraphQLError(detail, { extensions: { code, status, title }, originalError: error as Error });
  }
}

const withoutNulls = (given: Arguments) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
/** As it would stand in an address. */
const asQuery = (given: Arguments) =>
  Object.fromEntries(Object.entries(withoutNulls(given)).map(([name, value]) => [name, String(value)]));
