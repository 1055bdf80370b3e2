import type { BlameResult } from '../../vault/types.ts';
import { plainLine } from '../plainText.ts';
import { table } from '../table.ts';
import type { Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';

const blame: Verb = {
  usage: 'blame <ref>',
  group: 'Looking:',
  summary: 'show which version, author and reason brought each sentence',
  detail:
    'Goes back along what the version was copied from. A sentence belongs to the version from which on it stayed; white space alone changes nothing.',
  examples: ['promptvault blame support/triage@PRD', 'promptvault blame support/triage@2.3 --json'],
  async run({ args: [ref = ''], engine }) {
    const result = await (await engine('read')).blame({ ref });
    return { json: result, text: blameText(result) };
  },
};

function blameText({ path, version, stage, chain, origins, messages }: BlameResult): string {
  const from = chain.length > 1 ? `, from ${chain.map((one) => `v${one}`).join(' → ')}` : '';
  const names = origins.map((one) => `v${one.version} r${one.revision}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  const rows = origins.map(({ at, author, rationale }, index) => [names[index], shortTime(at), author, rationale]);
  const texts = messages.map(({ role, sentences }) => {
    const lines = sentences.map(({ text, origin }) => `${names[origin]?.padEnd(width)}  ${plainLine(text)}`.trimEnd());
    return [`[${role}]`, ...lines].join('\n');
  });
  const known = table(['brought by', 'at (utc)', 'who', 'why'], rows);
  return [`${plainLine(path)} v${version} (${stage})${from}`, known, ...texts].join('\n\n');
}

export const blameVerbs: readonly Verb[] = [blame];
