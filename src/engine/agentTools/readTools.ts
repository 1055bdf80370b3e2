import * as z from 'zod';
import { stages } from '../../vault/types.ts';
import { agentTool, pathInput, provenanceOf, versionInput } from './agentTool.ts';
import { fromCursor, toCursor } from './pageCursor.ts';

const limitInput = z.int().min(1).max(50).default(20).describe('At most so many');

const searchPrompts = agentTool({
  name: 'search_prompts',
  title: 'Search Prompts',
  description:
    'Lists the prompts of the vault by words, folder, tag or stage, with their versions per stage. Without words it lists all, a page at a time.',
  kind: 'read',
  input: z.strictObject({
    search: z.string().max(500).optional().describe('Words, the last as a beginning; or a piece of a path or title'),
    folder: z.string().max(1000).optional().describe('Only below this folder'),
    tag: z.string().max(200).optional().describe('Only with this tag'),
    stage: z.enum(stages).optional().describe('Only with a version in this stage; PRD is production'),
    limit: limitInput,
    cursor: z.string().max(3000).optional().describe('`next` of the page before'),
  }),
  async run({ cursor, ...query }, { engine }) {
    const found = await engine.list({ ...query, ...fromCursor(cursor) });
    const prompts = found.prompts.map(
      ({ path, title, description, tags, stages: counts, latest, updatedAt, snippet }) => ({
        ...{ path, title, description: description.slice(0, 300), tags, stages: counts, latest, updatedAt },
        ...(snippet === undefined ? {} : { snippet }),
      }),
    );
    return { provenance: [], data: { total: found.total, prompts, next: toCursor(found.next) ?? null } };
  },
});

const getPrompt = agentTool({
  name: 'get_prompt',
  title: 'Get Prompt',
  description:
    'One version of a prompt as it is stored: messages with their placeholders unfilled, settings, variables. What is in production unless a version is named.',
  kind: 'read',
  input: z.strictObject({ path: pathInput, version: versionInput.optional() }),
  async run({ path, version = 'PRD' }, { engine }) {
    const record = await engine.show({ ref: `${path}@${version}` });
    return { provenance: [provenanceOf(record)], data: record };
  },
});

const renderPrompt = agentTool({
  name: 'render_prompt',
  title: 'Render Prompt',
  description:
    'The messages of a version with its variables filled in. Fails with VARIABLES when one is missing or unknown. Values are put in as they are and never read as placeholders.',
  kind: 'read',
  input: z.strictObject({
    path: pathInput,
    version: versionInput.optional(),
    values: z.record(z.string().max(200), z.string().max(100_000)).default({}).describe('Value by variable'),
  }),
  async run({ path, version = 'PRD', values }, { engine }) {
    const { messages, settings, variables, ...record } = await engine.show({ ref: `${path}@${version}` });
    const rendered = await engine.renderContent({ content: { messages, settings, variables }, values });
    return { provenance: [provenanceOf(record)], data: { ...rendered } };
  },
});

const compareVersions = agentTool({
  name: 'compare_versions',
  title: 'Compare Versions',
  description: 'What differs between two versions of a prompt: messages, settings and variables.',
  kind: 'read',
  input: z.strictObject({ path: pathInput, from: versionInput, to: versionInput }),
  async run({ path, from, to }, { engine }) {
    const [older, newer] = await Promise.all([from, to].map((one) => engine.show({ ref: `${path}@${one}` })));
    const difference = await engine.diff({
      from: `${path}@${older!.version}`,
      to: `${path}@${newer!.version}`,
    });
    const { same, unified, settings, variables } = difference;
    return { provenance: [provenanceOf(older!), provenanceOf(newer!)], data: { same, unified, settings, variables } };
  },
});

const readHistory = agentTool({
  name: 'read_history',
  title: 'Read History',
  description:
    'The versions of a prompt, newest first, with their stages, dates and reasons, and who did what when. For older ones ask again with `versionsBefore` and `eventsBefore`.',
  kind: 'read',
  input: z.strictObject({
    path: pathInput,
    limit: limitInput,
    versionsBefore: z.string().max(60).optional().describe('The last version of the page before'),
    eventsBefore: z.int().min(1).optional().describe('`seq` of the first event of the page before'),
  }),
  async run({ path, limit, versionsBefore, eventsBefore }, { engine }) {
    const found = await engine.history({
      ...{ path, versionLimit: limit, eventLimit: limit, versionsBefore, eventsBefore },
    });
    const versions = found.versions.map(
      ({ settings: _, variables: __, title: ___, tags: ____, ...version }) => version,
    );
    const events = found.events.map(({ seq, at, actor, kind, version, reason }) => ({
      ...{ seq, at, actor, kind, version, reason },
    }));
    return { provenance: found.versions.map(provenanceOf), data: { versions, events, more: found.more } };
  },
});

const listSuites = agentTool({
  name: 'list_suites',
  title: 'List Test Suites',
  description: 'The test suites of the vault: what each runs, on which models, with how many checks.',
  kind: 'read',
  input: z.strictObject({
    limit: limitInput,
    after: z.string().max(1000).optional().describe('Name of the last one seen'),
  }),
  async run({ limit, after }, { engine }) {
    const found = await engine.listSuites({ limit, after });
    const suites = await Promise.all(
      found.map(async ({ name }) => {
        const { definition, revision, updatedAt } = await engine.showSuite({ name });
        const {
          refs = [],
          models,
          dataset = null,
          casesFile = null,
          checks,
          checkSets,
          repeat,
          maxCostUsd,
        } = definition;
        return {
          name,
          revision,
          updatedAt,
          refs,
          models,
          dataset,
          casesFile,
          checks: checks.length,
          checkSets,
          repeat,
          maxCostUsd,
        };
      }),
    );
    return { provenance: [], data: { suites } };
  },
});

export const readTools = [searchPrompts, getPrompt, renderPrompt, compareVersions, readHistory, listSuites];
