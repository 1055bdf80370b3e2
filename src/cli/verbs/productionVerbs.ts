import { VaultError } from '../../shared/errors.ts';
import type { RenderWarning } from '../../vault/types.ts';
import { exits } from '../exitCodes.ts';
import { plainLine } from '../plainText.ts';
import { readValues } from '../readInput.ts';
import { counted, table } from '../table.ts';
import type { Verb, VerbOption } from '../verb.ts';
import { messagesText } from '../versionText.ts';

const group = 'Using:';
type ValueOptions = { var?: string[]; vars?: string };
const values: readonly VerbOption[] = [
  { flags: '--var <name=value>', kind: 'list', about: 'a value; repeat it for more, it wins over --vars' },
  { flags: '--vars <file>', kind: 'text', about: 'a JSON file with one object of values' },
];

const render: Verb<ValueOptions> = {
  usage: 'render <ref>',
  group,
  summary: 'fill in the variables of a version',
  options: values,
  examples: [
    'promptvault render support/triage --var name=Ada',
    'promptvault render support/triage@PRD --vars case.json --json',
  ],
  async run({ args: [ref = ''], options, io, engine, say }) {
    const given = (await readValues(io, options)) ?? {};
    const result = await (await engine('read')).render({ ref, values: given });
    for (const warning of result.warnings) say(`note: ${warningText(warning)}`);
    return { json: result, text: messagesText(result.messages) };
  },
};

const says: Record<RenderWarning['kind'], string> = {
  undeclared: 'is no declared variable and stays as it is',
  malformed: 'is no placeholder and stays as it is',
  unused: 'is declared and used nowhere',
};
const warningText = ({ kind, text }: RenderWarning) => `${plainLine(text)} ${says[kind]}`;

const get: Verb<ValueOptions> = {
  usage: 'get <ref>',
  group,
  summary: 'print what production gets: PRD, or the highest released version in a range',
  detail: 'With values the messages come rendered.',
  options: values,
  examples: ['promptvault get support/triage --json', 'promptvault get support/triage@^2 --var name=Ada'],
  async run({ args: [ref = ''], options, io, engine }) {
    const served = await (await engine('read')).get({ ref, values: await readValues(io, options) });
    return { json: served, text: messagesText(served.messages) };
  },
};

type SyncOptions = { url?: string; dryRun?: boolean; force?: boolean };
const sync: Verb<SyncOptions> = {
  usage: 'sync',
  group,
  summary: 'send the current PRD versions to an HTTP endpoint',
  detail:
    'One PUT per prompt that changed since the last time. The token is taken from PROMPTVAULT_SYNC_TOKEN. Without {path} in the address the path is appended.',
  options: [
    { flags: '--url <url>', kind: 'text', about: 'the address (required)' },
    { flags: '--dry-run', kind: 'flag', about: 'only say what would be sent' },
    { flags: '--force', kind: 'flag', about: 'send what did not change as well' },
  ],
  examples: [
    'promptvault sync --url https://prompts.example.com/v1/prompts',
    'promptvault sync --url http://localhost:8080/{path} --dry-run',
  ],
  async run({ options, io, signal, engine, say }) {
    const { url: address, dryRun, force } = options;
    if (!address) throw new VaultError('USAGE', 'Say where to: --url https://…');
    const vault = await engine();
    let told = performance.now();
    vault.onDidSync(({ done, total }) => {
      if (performance.now() - told < 1000) return;
      told = performance.now();
      say(`${done} of ${total} prompts …`);
    });
    const token = io.env.PROMPTVAULT_SYNC_TOKEN;
    const report = await vault.sync({ url: address, token, dryRun, force }, signal);
    const changed = report.items.filter(({ status }) => status !== 'unchanged');
    const rows = changed.map(({ path, version, status, attempts, error }) => [
      path,
      `v${version}`,
      status,
      attempts,
      error,
    ]);
    const listed = rows.length > 0 ? `${table(['prompt', 'version', 'status', 'attempts', 'problem'], rows)}\n\n` : '';
    const { sent, unchanged, failed, url } = report;
    const sentText = dryRun ? `${counted(sent, 'prompt')} would be sent` : `${sent} sent`;
    const text = `${listed}${sentText}, ${unchanged} unchanged, ${failed} failed: ${plainLine(url)}`;
    return { json: report, text, exit: failed > 0 ? exits.failed : exits.done };
  },
};

export const productionVerbs: readonly Verb[] = [render, get, sync];
