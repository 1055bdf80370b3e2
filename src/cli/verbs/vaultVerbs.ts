import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exits } from '../exitCodes.ts';
import { createSession, vaultIn } from '../session.ts';
import { counted, table } from '../table.ts';
import type { Call, Verb } from '../verb.ts';

const group = 'Vault:';

const init: Verb = {
  usage: 'init [folder]',
  group,
  summary: 'make a vault',
  detail:
    'Makes .promptvault/vault.db in the folder, or in this one. A vault that is there already is left as it is, so it is safe to run twice.',
  examples: ['promptvault init', 'promptvault init clients/acme'],
  async run({ args: [folder], options, io }) {
    const file = options.vault ? resolve(io.cwd, options.vault) : vaultIn(resolve(io.cwd, folder ?? '.'));
    const existed = existsSync(file);
    const session = createSession(io, { ...options, vault: file });
    try {
      const engine = await session.engine('create');
      const { vaultId, prompts } = await engine.info();
      const text = existed
        ? `There is a vault already, with ${counted(prompts, 'prompt')}: ${file}`
        : `Made the vault ${file}\nNext: promptvault import <folder>, or promptvault new <path> --file <file>`;
      return { json: { vault: file, vaultId, created: !existed, prompts }, text };
    } finally {
      await session.close();
    }
  },
};

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
    const text = `${counted(problems.length, 'problem')} found; ${checked}.\n\n${table(['what', 'prompt', 'version', 'detail'], rows)}`;
    return { json: report, text, exit: exits.damaged };
  },
};

export const vaultVerbs: readonly Verb[] = [init, verify];
