import { followRun, type ReportOptions, reportOptions } from '../followRun.ts';
import { table } from '../table.ts';
import { type TestOptions, testRequest } from '../testRequest.ts';
import type { Verb } from '../verb.ts';

const group = 'Testing:';

const test: Verb<TestOptions & ReportOptions> = {
  usage: 'test [ref...]',
  group,
  summary: 'run versions against models and cases, and check the answers',
  detail:
    'Every version with every model and every case. Cases are rows of a file or a dataset whose columns are the variables; __expected columns hold checks ("promptvault checks" lists them). A case without checks passes when it completes. A suite says all of this at once, above which stand the words given here. Keys come from the environment, see "promptvault models". Ends with exit code 100 when something failed or got worse.',
  options: [
    { flags: '--suite <name-or-file>', kind: 'text', about: 'a suite of the vault, or a YAML or JSON file' },
    { flags: '--model <vendor:model>', kind: 'list', about: 'a model; repeat it for more' },
    { flags: '--cases <file>', kind: 'text', about: 'CSV, JSON or YAML; without it one case with the defaults' },
    { flags: '--dataset <name>', kind: 'text', about: 'the cases of a dataset of the vault' },
    { flags: '--map <variable=column>', kind: 'list', about: 'where the names differ; repeat it for more' },
    { flags: '--checks <file>', kind: 'text', about: 'YAML or JSON list of checks for all cases' },
    { flags: '--check-set <name>', kind: 'list', about: 'a named set of checks for all cases' },
    { flags: '--judge <vendor:model>', kind: 'text', about: 'the model that judges what no rule can' },
    { flags: '--rubric <text>', kind: 'text', about: 'what the judge looks at, beside what a check says' },
    { flags: '--embeddings <vendor:model>', kind: 'text', about: 'the model behind the check similar' },
    { flags: '--pass-rate <share>', kind: 'number', about: '0 to 1: so many of the cells must pass, else all' },
    {
      flags: '--metric <name=score>',
      kind: 'list',
      about: '0 to 1: the least mean score of checks that name this metric; repeat it for more',
    },
    { flags: '--repeat <n>', kind: 'count', about: 'each cell so often (default: 1)' },
    { flags: '--concurrency <n>', kind: 'count', about: 'calls at once per vendor (default: 8)' },
    { flags: '--max-cost <usd>', kind: 'number', about: 'start no call once this is spent' },
    {
      flags: '--baseline <ref>',
      kind: 'text',
      about: 'compare with its newest results, PRD for production; worse cases fail the run',
    },
    ...reportOptions,
    { flags: '--no-cache', kind: 'flag', about: 'ask again even if the same call was answered before' },
  ],
  examples: [
    'promptvault test support/triage --model echo:echo --cases cases.csv',
    'promptvault test support/triage@TST --model openai:gpt-5-mini --model anthropic:claude-haiku-4-5 --cases cases.csv --baseline PRD --junit report.xml',
    'promptvault test support/triage@TST --suite release',
  ],
  async run({ args, options, io, engine, say, signal }) {
    const vault = await engine();
    const request = await testRequest({ refs: args, options, io }, vault);
    return followRun(vault, { io, options, signal, say, start: () => vault.startRun(request) });
  },
};

const models: Verb = {
  usage: 'models',
  group,
  summary: 'list the models, what they need and what they cost',
  detail: 'Any other model of a vendor works too, as vendor:model. Prices are USD per million tokens.',
  examples: ['promptvault models', 'PROMPTVAULT_COMPATIBLE_URL=http://localhost:11434 promptvault models'],
  async run({ engine }) {
    const known = await (await engine('read')).models();
    const rows = known.map(({ name, ready, needs, price }) => [
      name,
      ready ? 'ready' : `needs ${needs}`,
      price?.input,
      price?.output,
    ]);
    return { json: { models: known }, text: table(['model', 'state', 'input', 'output'], rows) };
  },
};

export const testVerbs: readonly Verb[] = [test, models];
