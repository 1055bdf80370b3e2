import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { VaultError } from '../shared/errors.ts';

const run = promisify(execFile);
const key = 'diff.promptvault.textconv';
/** git asks this driver for the text of a vault; merging is left to people, since two files cannot be mixed. */
const attribute = '*.db -text -merge diff=promptvault';

const git = async (cwd: string, ...args: string[]) => (await run('git', args, { cwd, timeout: 10_000 })).stdout.trim();

/** A word as the shell that git uses reads it. */
const quoted = (word: string) => `'${word.replaceAll('\\', '/').replaceAll("'", `'\\''`)}'`;

/** A driver that fails would end `git diff`; a program that has moved or a vault that cannot be read must not. */
const instead = 'This vault cannot be shown as text here: run "promptvault doctor", then "promptvault init --git"';
const mild = `"$@" 2>/dev/null || echo '${instead}'`;

/**
 * Makes `git diff` and `git log -p` show vaults as text in this repository. The driver is a setting of this clone, since
 * git runs no command that a repository brings along; the attribute is a file that is committed. FILE_NOT_FOUND outside of git.
 */
export async function setUpGitDiff(folder: string, command: readonly string[]): Promise<{ textconv: string }> {
  const vaultFolder = join(folder, '.promptvault');
  const textconv = ['sh', '-c', mild, 'promptvault', ...command].map(quoted).join(' ');
  try {
    await git(vaultFolder, 'rev-parse', '--show-toplevel');
  } catch (error) {
    const message = `${folder} is in no git repository, or git is not installed. Run "git init" first`;
    throw new VaultError('FILE_NOT_FOUND', message, { file: join(folder, '.git') }, error);
  }
  await git(vaultFolder, 'config', '--local', key, textconv);
  const attributes = join(vaultFolder, '.gitattributes');
  const before = existsSync(attributes) ? readFileSync(attributes, 'utf8') : '';
  if (!before.includes('diff=promptvault')) {
    const kept = before.split('\n').filter((text) => text !== '' && text.trim() !== '*.db binary');
    writeFileSync(attributes, `${[...kept, attribute].join('\n')}\n`);
  }
  return { textconv };
}

/** Whether `git diff` shows the vaults of this clone as text; null outside of git. */
export async function hasGitDiff(folder: string): Promise<boolean | null> {
  try {
    await git(folder, 'rev-parse', '--show-toplevel');
  } catch {
    return null;
  }
  return git(folder, 'config', '--get', key).then(
    (value) => value !== '',
    () => false,
  );
}
