import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BundleComparison } from '../../publish/bundleTypes.ts';
import { VaultError } from '../../shared/errors.ts';
import { exits } from '../exitCodes.ts';
import { plainLine } from '../plainText.ts';
import { counted } from '../table.ts';
import type { Verb } from '../verb.ts';

type BundleOptions = { out?: string; folder?: string; tag?: string; check?: boolean };

const bundle: Verb<BundleOptions> = {
  usage: 'bundle',
  group: 'Using:',
  summary: 'write all released versions into one JSON file that an application ships with',
  detail:
    'The same vault gives the same bytes. Without --out it goes to stdout. With --check nothing is written: it ends with exit code 1 when the file is not what the vault serves, given the same --folder and --tag.',
  options: [
    { flags: '--out <file>', kind: 'text', about: 'the file to write, or to check' },
    { flags: '--folder <folder>', kind: 'text', about: 'only prompts in this folder and below it' },
    { flags: '--tag <tag>', kind: 'text', about: 'only prompts with this tag' },
    { flags: '--check', kind: 'flag', about: 'only say whether the file is up to date' },
  ],
  examples: ['promptvault bundle --out prompts.json', 'promptvault bundle --out prompts.json --check'],
  async run({ options: { out, folder, tag, check }, io, engine, signal }) {
    const file = out === undefined ? undefined : resolve(io.cwd, out);
    if (check && file === undefined) throw new VaultError('USAGE', 'Name the file to check: --out <file>');
    const request = { folder, tag };
    if (check) {
      const text = readBundleFile(file!);
      const found = await (await engine('read')).compareBundle({ ...request, text, file: file! }, signal);
      return { json: { file, ...found }, text: checkedText(out!, found), exit: found.same ? exits.done : exits.failed };
    }
    const made = await (await engine('read')).bundle(request, signal);
    const text = `${JSON.stringify(made, null, 2)}\n`;
    if (file === undefined) return { json: made, text };
    writeInOneStep(file, text);
    const prompts = Object.values(made.prompts);
    const versions = prompts.reduce((sum, one) => sum + Object.keys(one.versions).length, 0);
    const what = `${counted(prompts.length, 'prompt')}, ${counted(versions, 'released version')}`;
    const json = { file, prompts: prompts.length, versions, bytes: Buffer.byteLength(text) };
    return { json, text: `Wrote ${plainLine(out!)}: ${what}` };
  },
};

function readBundleFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new VaultError('FILE_NOT_FOUND', `There is no file ${file}`, { file }, error);
    throw new VaultError('BAD_FILE', `${file} cannot be read: ${message}`, { file, reason: 'unreadable' }, error);
  }
}

/** An application may read the file at any moment. */
function writeInOneStep(file: string, text: string): void {
  const temporary = `${file}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    const message = `The bundle ${file} could not be written: ${(error as Error).message}`;
    throw new VaultError('READ_ONLY', message, { file }, error);
  }
}

function checkedText(file: string, { same, missing, outdated, gone }: BundleComparison): string {
  const name = plainLine(file);
  if (same) return `${name} is what the vault serves.`;
  const lines = [
    ...missing.map((path) => `  + ${path}`),
    ...outdated.map((path) => `  ~ ${path}`),
    ...gone.map((path) => `  - ${plainLine(path)}`),
  ];
  const rest = lines.length > 50 ? [`  … and ${lines.length - 50} more`] : [];
  const head = `${name} is not what the vault serves. Write it again with promptvault bundle --out ${name}`;
  return [head, ...lines.slice(0, 50), ...rest].join('\n');
}

export const bundleVerbs: readonly Verb[] = [bundle];
