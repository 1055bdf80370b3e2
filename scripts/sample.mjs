import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { attempt, build, install, root, run } from './install.mjs';

export const sampleFolder = join(root, 'sample');

const source = join(root, 'scripts/sample');
const priya = 'Priya Nair <priya@northwind.example>';
const tom = 'Tom Berg <tom@northwind.example>';

const wrongAnswers = 'It answers in whole sentences; 31 % of messages reached no queue';

// What happened to each prompt, in order. A number takes in that file as the next version, or into the newest draft if there is one.
const twice = ['promote', 'promote'];
const story = [
  [priya, 'support/triage', 1, ...twice, 2, ...twice],
  [tom, 'support/triage', 3, ...twice, ['rollback', '--to', '1.1', '--reason', wrongAnswers]],
  [priya, 'support/triage', 4, 'promote', ['version'], 5],
  [priya, 'support/reply', 1, ...twice, 2, ...twice, 3, 'promote'],
  [tom, 'support/summarize-ticket', 1, ...twice, 2],
  [tom, 'legal/clause-risk', 1, ...twice, 2, 'promote'],
  [tom, 'legal/nda-summary', 1, ...twice],
  [priya, 'marketing/product-description', 1, ...twice, ['version', '--major'], 2, ...twice],
  [priya, 'marketing/subject-lines', 1, 'promote'],
  [tom, 'engineering/code-review', 1, ...twice, 2],
  [tom, 'engineering/commit-message', 1],
  [priya, 'engineering/incident-summary', 1],
];

const echo = ['--model', 'echo:echo'];
const suites = [
  ['marketing/products', 'cases/products-6.csv', 'release'],
  ['support/mails', 'cases/banking-cases-20.csv', 'triage'],
];

/** Makes `folder` a workspace with a vault full of stories, unless it has a vault. Files that are there stay as they are. */
export async function makeSample(folder) {
  if (existsSync(join(folder, '.promptvault/vault.db'))) return;
  console.log(`Making the sample workspace in ${folder}`);
  // Made beside it and moved when whole, so that an interrupted start leaves no half of a sample.
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(join(source, 'workspace'), fresh, { recursive: true });
  await promptvault(fresh, priya, ['init']);
  for (const [actor, path, ...steps] of story) {
    for (const step of steps) await promptvault(fresh, actor, toArguments(path, step));
  }
  // Some tests ran, too; what fails is part of the sample.
  await tryOut(fresh, ['support/triage@PRD', 'support/triage@TST', '--cases', 'cases/banking-cases-20.csv', ...echo]);
  await tryOut(fresh, ['marketing/product-description@PRD', '--cases', 'cases/products-6.csv', ...echo]);
  for (const [dataset, file, suite] of suites) {
    await promptvault(fresh, priya, ['dataset', 'import', dataset, file]);
    await promptvault(fresh, priya, ['suite', 'save', suite, `suites/${suite}.yaml`]);
    await tryOut(fresh, ['--suite', suite]);
  }
  if (!existsSync(folder)) {
    renameSync(fresh, folder);
    return;
  }
  mkdirSync(folder, { recursive: true });
  cpSync(fresh, folder, { recursive: true, force: false });
  rmSync(fresh, { recursive: true, force: true });
}

function toArguments(path, step) {
  if (typeof step === 'number') return ['import', join(source, 'prompts', `${path}.${step}.yaml`)];
  const [verb, ...options] = [step].flat();
  return [verb, verb === 'rollback' ? path : `${path}@latest`, ...options];
}

function promptvault(cwd, actor, args) {
  return run('node', [join(root, 'dist/cli.js'), '--actor', actor, ...args], { cwd, capture: true });
}

async function tryOut(cwd, args) {
  const command = [join(root, 'dist/cli.js'), '--actor', priya, 'test', ...args];
  const { code, output } = await attempt('node', command, { cwd, capture: true });
  if (code !== 0 && code !== 100) throw new Error(`promptvault test ended with ${code}\n${output}`);
}

// node scripts/sample.mjs [folder]: what starting in the debugger needs
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await install();
  await build();
  await makeSample(process.argv[2] ?? sampleFolder);
}
