import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who writes: PROMPTVAULT_ACTOR, else git's `user.name <user.email>` as seen in the folder, else the user of the machine. */
export async function findActor(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env.PROMPTVAULT_ACTOR?.trim();
  if (given) return given;
  const [name, mail] = await gitUser(folder, env);
  if (name) return mail ? `${name} <${mail}>` : name;
  return systemUser(env);
}

/** Name and mail that git would write into a commit; empty where there is no git or none is set. */
async function gitUser(cwd: string, env: NodeJS.ProcessEnv): Promise<[name: string, mail: string]> {
  try {
    const entries = ['config', '--null', '--get-regexp', '^user\\.(name|email)$'];
    const { stdout } = await run('git', entries, { cwd, env, timeout: 5000 });
    // Entries are `key\nvalue\0`, the most local one last.
    const found = new Map(stdout.split('\0').map((entry) => splitAt(entry, entry.indexOf('\n'))));
    return [found.get('user.name')?.trim() ?? '', found.get('user.email')?.trim() ?? ''];
  } catch {
    return ['', ''];
  }
}

const splitAt = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at + 1)];

function systemUser(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have a number and no name.
    return env.USER || env.USERNAME || 'unknown';
  }
}
