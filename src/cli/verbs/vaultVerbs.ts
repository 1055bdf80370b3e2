import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setUpGitDiff } from '../../engine/gitDiff.ts';
import { exits } from '../exitCodes.ts';
import { createSession, vaultIn } from '../session.ts';
import { counted, table } from '../table.ts';
import type { Call, Verb } from '../verb.ts';

const group = 'Vault:';

const init: Verb<{ git?: boolean }> = {
  usage: 'init [folder]',
  group,
  summary: 'make a vault',
  detail:
    'Makes .promptvault/vault.db in the folder, or in this one. A vault that is there already is left as it is, so it is safe to run twice. With --git, git diff and git log -p show prompts as text in this clone.',
  options: [{ flags: '--git', kind: 'flag', about: 'let git diff show the vault as text' }],
  examples: ['promptvault init', 'promptvault init clients/acme', 'promptvault init --git'],
  async run({ args: [folder], options, io, say }) {
    const file = options.vault ? resolve(io.cwd, options.vault) : vaultIn(resolve(io.cwd, folder ?? '.'));
    const existed = existsSync(file);
    const session = createSession(io, { ...options, vault: file });
    try {
      const engine = await session.engine('create');
      const { vaultId, prompts, placeWarning } = await engine.info();
      if (placeWarning) say(placeWarning);
      const git = options.git ? await setUpGit(dirname(dirname(file))) : {};
      const text = existed
        ? `There is a vault already, with ${counted(prompts, 'prompt')}: ${file}`
        : `Made the vault ${file}\nNext: promptvault import <folder>, or promptvault new <path> --file <file>`;
      return {
        json: { vault: file, vaultId, created: !existed, prompts, ...git },
        text: git.textconv ? `${text}\ngit diff shows its prompts as text from now on.` : text,
      };
    } finally {
      await session.close();
    }
  },
};

/** git runs this program with the file's name behind. */
async function setUpGit(folder: string): Promise<{ textconv?: string }> {
  return setUpGitDiff(folder, [process.execPath, process.argv[1] ?? 'promptvault', 'text']);
}

const verify: Verb = {
  usage: 'verify',
  group,
  summary: 'check every content and every entry of the history against its hash',
  detail: 'Reads only. Ends with exit code 6 when something is wrong.',
  examples: ['promptvault verify', 'promptvault verify --json'],
  async run({ engine }: Call<object>) {
    const report = await (await engine('read')).verify();
    const { prompts, versions, events, problems } = report;
    const checked = `${counted(prompts, 'prompt')}, ${counted(versions, 'version')}, ${counted(events, 'event')} checked`;
    if (report.ok) return { json: report, text: `Everything is as it was written: ${checked}.` };
    const rows = problems.map(({ what, path, version, detail }) => [what, path, version, detail]);
    const text = `${counted(problems.length, 'problem')} found; ${checked}. What to do: promptvault doctor\n\n${table(['what', 'prompt', 'version', 'detail'], rows)}`;
    return { json: report, text, exit: exits.damaged };
  },
};

export const vaultVerbs: readonly Verb[] = [init, verify];
