import { join } from 'node:path';
import { startModelServer } from '../../test/support/modelServer.ts';
import { attempt, root } from '../install.mjs';

/** What each model gets wrong: the row of the case, and the wrong intent. The newer version parts close intents better. */
const mistakes = {
  'gpt-5-mini': { old: { 2: 'verify_my_identity', 8: 'top_up_by_card_charge', 15: 'top_up_by_card_charge' }, now: {} },
  'claude-haiku-4-5': {
    old: { 8: 'top_up_by_card_charge', 18: 'Refund_not_showing_up' },
    now: { 15: 'top_up_failed.' },
  },
};
// What production serves does not say where close intents part.
const isOld = ({ messages }) => !messages.some(({ content }) => content.includes('documents are needed'));

/** Answers the cases of the sample as the vendors' models might. */
function startVendors(cases) {
  return startModelServer({
    reply(request) {
      const row = cases.findIndex(({ message }) => message === request.prompt);
      const wrong = mistakes[request.model]?.[isOld(request) ? 'old' : 'now'][row];
      const text = wrong ?? cases[row]?.expected ?? request.prompt;
      return { text, delayMs: 60 + ((row * 37) % 90), usage: { input: isOld(request) ? 118 : 262, output: 9 } };
    },
  });
}

async function readCases(folder) {
  const { readCaseFile } = await import('../../src/lab/caseFiles.ts');
  const { cases } = await readCaseFile(join(folder, 'cases/banking-cases-20.csv'));
  return cases.map(({ variables, checks }) => ({ message: variables.message, expected: checks[0].value }));
}

/** With keys the Lab is ready to run; it is not asked to. */
export const keys = { OPENAI_API_KEY: 'none', ANTHROPIC_API_KEY: 'none' };

/** Tests two versions of the sample's triage prompt with two models, by a server that answers as they might. */
export async function runGrid(folder) {
  const vendors = await startVendors(await readCases(folder));
  const models = Object.keys(mistakes).flatMap((name) => [
    '--model',
    `${name.startsWith('gpt') ? 'openai' : 'anthropic'}:${name}`,
  ]);
  const env = { ...keys, OPENAI_BASE_URL: vendors.url, ANTHROPIC_BASE_URL: vendors.url };
  const args = ['test', 'support/triage@PRD', 'support/triage@TST', ...models, '--cases', 'cases/banking-cases-20.csv'];
  const actor = 'Priya Nair <priya@northwind.example>';
  const { code, output } = await attempt('node', [join(root, 'dist/cli.js'), '--actor', actor, ...args], {
    ...{ cwd: folder, env, capture: true },
  });
  await vendors.close();
  if (code !== 0 && code !== 100) throw new Error(output);
}
