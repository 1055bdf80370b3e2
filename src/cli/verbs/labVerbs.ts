import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import type { CaseFormat } from '../../lab/writeCases.ts';
import { VaultError } from '../../shared/errors.ts';
import { counted, fields, table } from '../table.ts';
import { metricGoals } from '../testRequest.ts';
import type { Answer, Call, Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';

const group = 'Testing:';
const caseFormats: readonly CaseFormat[] = ['csv', 'json', 'jsonl', 'yaml'];
type Action = (name: string, file: string | undefined, call: Call<LabOptions> & { vault: Engine }) => Promise<Answer>;
type LabOptions = { model?: string; count?: number; ref?: string; yes?: boolean } & {
  passRate?: number;
  metric?: string[];
  off?: boolean;
};

/** `<what> <action> [name] [file]`: a table of actions, the name asked for where one is needed. */
function act(what: string, actions: { [action: string]: Action }, call: Call<LabOptions>): Promise<Answer> {
  const [action = 'list', name = '', file] = call.args;
  const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!found) throw new VaultError('USAGE', `${what} can ${Object.keys(actions).join(', ')}, not ${action}`);
  if (action !== 'list' && name === '')
    throw new VaultError('USAGE', `Name the ${what}: promptvault ${what} ${action} <name>`);
  return call
    .engine(action === 'list' || action === 'show' ? 'read' : undefined)
    .then((vault) => found(name, file, { ...call, vault }));
}

const datasetActions: { [action: string]: Action } = {
  async list(_name, _file, { vault }) {
    const datasets = await vault.listDatasets({});
    const rows = datasets.map((one) => [
      one.name,
      one.cases,
      one.revision,
      shortTime(one.updatedAt),
      one.columns.join(', '),
    ]);
    return { json: { datasets }, text: table(['dataset', 'cases', 'revision', 'changed', 'columns'], rows) };
  },
  async show(name, _file, { vault }) {
    const dataset = await vault.showDataset({ name });
    const rows = dataset.rows.map((one) => [one.id, one.name, one.checks.length, JSON.stringify(one.variables)]);
    const head = fields([
      ['dataset', name],
      ['revision', `${dataset.revision}, ${shortTime(dataset.updatedAt)} by ${dataset.updatedBy}`],
      ['hash', dataset.hash],
    ]);
    return { json: dataset, text: `${head}\n\n${table(['case', 'name', 'checks', 'values'], rows)}` };
  },
  async history(name, _file, { vault }) {
    const revisions = await vault.datasetRevisions({ name });
    const rows = revisions.map(({ revision, cases, at, actor, hash }) => [revision, cases, shortTime(at), actor, hash]);
    return { json: { name, revisions }, text: table(['revision', 'cases', 'saved', 'by', 'hash'], rows) };
  },
  async import(name, file, { vault, io }) {
    if (file === undefined)
      throw new VaultError('USAGE', `Name the file: promptvault dataset import ${name} cases.csv`);
    const saved = await vault.importDataset({ name, file: resolve(io.cwd, file) });
    return { json: saved, text: `${name}: ${counted(saved.cases, 'case')}, revision ${saved.revision}` };
  },
  async export(name, file, { vault, io }) {
    const format = formatOf(file ?? 'x.csv');
    const text = await vault.exportDataset({ name, format });
    if (file === undefined) return { json: { name, format, text }, text };
    writeFileSync(resolve(io.cwd, file), text);
    return { json: { name, file }, text: `${name} is in ${basename(file)}` };
  },
  async delete(name, _file, { vault, options }) {
    if (!options.yes) throw new VaultError('USAGE', 'Nothing was deleted. To delete for good, add --yes');
    await vault.deleteDataset({ name });
    return { json: { deleted: name }, text: `Deleted ${name}; runs over it stay` };
  },
  async generate(name, _file, { vault, options: { ref, model, count = 10 }, signal }) {
    if (!ref || !model)
      throw new VaultError(
        'USAGE',
        'Say for which prompt and by which model: --ref support/triage --model openai:gpt-5-mini',
      );
    const rows = await vault.generateCases({ ref, model, count }, signal);
    const json = { name, rows };
    const shown = table(
      ['case', 'values'],
      rows.map((one) => [one.id, JSON.stringify(one.variables)]),
    );
    return {
      json,
      text: `${shown}\n\nNothing was kept. Look them through, then import them with --json and "dataset import"`,
    };
  },
};

function formatOf(file: string): CaseFormat {
  const ending = file.toLowerCase().replace(/^.*\./, '').replace('yml', 'yaml').replace('ndjson', 'jsonl');
  const format = caseFormats.find((one) => one === ending);
  if (format) return format;
  throw new VaultError('USAGE', `Cases are written as ${caseFormats.map((one) => `.${one}`).join(', ')}`);
}

const dataset: Verb<LabOptions> = {
  usage: 'dataset [action] [name] [file]',
  group,
  summary: 'cases kept in the vault: list, show, history, import, export, generate, delete',
  detail:
    'Every import that changes something is a revision of its own; runs name the revision they went over by its hash.',
  options: [
    { flags: '--ref <ref>', kind: 'text', about: 'generate: the prompt to write cases for' },
    { flags: '--model <vendor:model>', kind: 'text', about: 'generate: the model that writes them' },
    { flags: '--count <n>', kind: 'count', about: 'generate: how many (default: 10)' },
    { flags: '--yes', kind: 'flag', about: 'delete: yes, delete it' },
  ],
  examples: [
    'promptvault dataset',
    'promptvault dataset import support/mails mails.csv',
    'promptvault dataset export support/mails mails.yaml',
  ],
  run: (call) => act('dataset', datasetActions, call),
};

const suiteActions: { [action: string]: Action } = {
  async list(_name, _file, { vault }) {
    const suites = await vault.listSuites({});
    const rows = suites.map((one) => [one.name, one.revision, shortTime(one.updatedAt), one.updatedBy]);
    return { json: { suites }, text: table(['suite', 'revision', 'changed', 'by'], rows) };
  },
  async show(name, _file, { vault }) {
    const suite = await vault.showSuite({ name });
    return { json: suite, text: JSON.stringify(suite.definition, null, 2) };
  },
  async save(name, file, { vault, io }) {
    if (file === undefined) throw new VaultError('USAGE', `Name the file: promptvault suite save ${name} suite.yaml`);
    const definition = await vault.readSuite({ file: resolve(io.cwd, file) });
    const saved = await vault.saveSuite({ name, definition });
    return { json: saved, text: `${name}: revision ${saved.revision}` };
  },
  async delete(name, _file, { vault, options }) {
    if (!options.yes) throw new VaultError('USAGE', 'Nothing was deleted. To delete for good, add --yes');
    await vault.deleteSuite({ name });
    return { json: { deleted: name }, text: `Deleted ${name}; its runs stay` };
  },
};

const suite: Verb<LabOptions> = {
  usage: 'suite [action] [name] [file]',
  group,
  summary: 'what is run, under a name: list, show, save, delete',
  detail:
    'A suite file has models, dataset or casesFile, checks, checkSets, judge, repeat, maxCostUsd, thresholds, baseline and refs. thresholds are passRate, score, latencyP95Ms, costUsd and metrics: { tone: 0.8 }, the least mean score of the checks that name the metric.',
  options: [{ flags: '--yes', kind: 'flag', about: 'delete: yes, delete it' }],
  examples: ['promptvault suite', 'promptvault suite save release release.yaml'],
  run: (call) => act('suite', suiteActions, call),
};

const gate: Verb<LabOptions> = {
  usage: 'gate [suite]',
  group,
  summary: 'what a version must have passed before it may go to production',
  detail:
    'With a suite, TST goes to PRD only with a finished run of exactly that content on it, without a case that passes in production and fails now, and with its thresholds met. Without words it says what the gate is; --ref says whether a version may pass.',
  options: [
    { flags: '--pass-rate <share>', kind: 'number', about: '0 to 1, above what the suite itself wants' },
    {
      flags: '--metric <name=score>',
      kind: 'list',
      about: '0 to 1: the least mean score of a metric, above what the suite wants; repeat it for more',
    },
    { flags: '--off', kind: 'flag', about: 'take the gate away' },
    { flags: '--ref <ref>', kind: 'text', about: 'say whether this version may pass now, and what is missing' },
  ],
  examples: [
    'promptvault gate',
    'promptvault gate release --pass-rate 0.95',
    'promptvault gate --ref support/triage@TST',
  ],
  async run({ args: [name], options: { passRate, metric, off, ref }, engine }) {
    if (name === undefined && !off) {
      const vault = await engine('read');
      if (ref === undefined) return gateAnswer(await vault.gate());
      const state = await vault.checkGate({ ref });
      const text = state.open
        ? `${ref} may go to production`
        : `${ref} may not yet:\n${state.reasons.map((one) => `  - ${one}`).join('\n')}`;
      return { json: state, text, exit: state.open ? 0 : 3 };
    }
    const metrics = metricGoals(metric);
    const own = { ...(passRate === undefined ? {} : { passRate }), ...(metrics === undefined ? {} : { metrics }) };
    const set = off ? null : { suite: String(name), ...own };
    return gateAnswer(await (await engine()).setGate({ gate: set }));
  },
};

function gateAnswer(set: Awaited<ReturnType<Engine['gate']>>): Answer {
  if (!set) return { json: { gate: null }, text: 'There is no gate' };
  const wanted = [
    ...(set.passRate === undefined ? [] : [`${set.passRate * 100} % passed`]),
    ...Object.entries(set.metrics ?? {}).map(([metric, score]) => `${metric} ${score} or more`),
  ];
  const beside = wanted.length > 0 ? ` with ${wanted.join(', ')}` : '';
  return { json: { gate: set }, text: `TST goes to PRD with a run on ${set.suite}${beside}` };
}

export const labVerbs: readonly Verb[] = [dataset, suite, gate];
