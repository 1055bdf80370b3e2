import type { RenderWarning } from '../../vault/types.ts';
import { plainLine } from '../plainText.ts';
import { readValues } from '../readInput.ts';
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

export const productionVerbs: readonly Verb[] = [render, get];
