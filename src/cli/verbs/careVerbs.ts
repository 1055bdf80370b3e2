import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findActor } from '../../engine/findActor.ts';
import type { Maintenance } from '../../engine/maintenance.ts';
import { VaultError } from '../../shared/errors.ts';
import type { BackupInfo, Diagnosis } from '../../vault/careTypes.ts';
import { exits } from '../exitCodes.ts';
import { plainLine, plainText } from '../plainText.ts';
import { findVault, vaultIn } from '../session.ts';
import { counted, fields, table } from '../table.ts';
import type { Call, Verb } from '../verb.ts';
import { shortTime } from '../versionText.ts';

const group = 'Vault:';

/** Loaded late: help and wrong usage need no database. */
async function care(): Promise<Maintenance> {
  return (await import('../../engine/maintenance.ts')).maintenance;
}
type Asked = Pick<Call<object>, 'io' | 'options'>;

/** The vault's place even when there is no vault any more: then that of this folder. */
function placeOf({ io, options }: Asked): string {
  try {
    return findVault(io, options);
  } catch {
    return vaultIn(io.cwd);
  }
}
const actorOf = async ({ io, options }: Asked) => options.actor?.trim() || (await findActor(io.cwd, io.env));

const backup: Verb<{ to?: string }> = {
  usage: 'backup',
  group,
  summary: 'make a checked copy of the vault outside of the repository',
  detail:
    'The copy is read again and every text compared with its hash before it counts. The ten newest are kept per vault; PROMPTVAULT_BACKUPS names another folder for them. Backups are also made by themselves: daily, before a large import, before a restore, and before a newer PromptVault changes the form of the vault.',
  options: [{ flags: '--to <file>', kind: 'text', about: 'make this file instead; it must not exist' }],
  examples: ['promptvault backup', 'promptvault backup --to /media/stick/prompts.db'],
  async run({ io, options }) {
    const to = options.to === undefined ? {} : { to: resolve(io.cwd, options.to) };
    const made = (await care()).backup({ file: findVault(io, options), ...to });
    return { json: made, text: `Made and checked ${made.file} (${sizeText(made.bytes)})` };
  },
};

const restore: Verb = {
  usage: 'restore [file]',
  group,
  summary: 'put a backup in the place of the vault, or list the backups',
  detail:
    'Without a file it lists the backups of this vault, newest first. With one, the backup is checked, what is there now is kept as a backup, and the file is replaced in one step. Open windows go over to it by themselves.',
  examples: ['promptvault restore', 'promptvault restore ~/prompts-before-friday.db'],
  async run(call) {
    const { args, io } = call;
    const file = placeOf(call);
    const [from] = args;
    if (from === undefined) {
      const backups = (await care()).backups({ file });
      return { json: { backups }, text: backupsText(backups) };
    }
    const report = (await care()).restore({ file, from: resolve(io.cwd, from), actor: await actorOf(call) });
    const kept = report.kept ? `\nWhat was there is kept as ${report.kept}` : '';
    const what = `${counted(report.prompts, 'prompt')}, ${counted(report.versions, 'version')}`;
    return { json: report, text: `Restored ${report.file} (${what})${kept}` };
  },
};

const salvage: Verb<{ to?: string }> = {
  usage: 'salvage [file]',
  group,
  summary: 'read all that is readable of a damaged vault into a new one',
  detail:
    'The damaged file is never written. What could not be read is listed. Without a file it takes the vault of this folder.',
  options: [{ flags: '--to <file>', kind: 'text', about: 'the new vault; it must not exist' }],
  examples: ['promptvault salvage --to salvaged.db', 'promptvault salvage .promptvault/vault.db --to salvaged.db'],
  async run(call) {
    const { args, io, options } = call;
    if (options.to === undefined) throw new VaultError('USAGE', 'Name the new vault: --to <file>');
    const from = args[0] === undefined ? placeOf(call) : resolve(io.cwd, args[0]);
    const report = (await care()).salvage({ from, to: resolve(io.cwd, options.to), actor: await actorOf(call) });
    const { prompts, versions, events, lost } = report;
    const read = `${counted(prompts, 'prompt')}, ${counted(versions, 'version')}, ${counted(events, 'event')} read into ${report.file}`;
    if (lost.length === 0) return { json: report, text: `${read}\nNothing is missing.` };
    const rows = lost.map(({ what, path, version, detail }) => [what, path, version, detail]);
    return { json: report, text: `${read}\nLost:\n${table(['what', 'prompt', 'version', 'detail'], rows)}` };
  },
};

const doctor: Verb = {
  usage: 'doctor',
  group,
  summary: 'say everything about the health of the vault, and what to do',
  detail: 'Reads only. Ends with exit code 6 when the vault is damaged, foreign, newer than this PromptVault, or gone.',
  examples: ['promptvault doctor', 'promptvault doctor --json'],
  async run(call) {
    const file = placeOf(call);
    const found = (await care()).doctor({ file });
    const { hasGitDiff } = await import('../../engine/gitDiff.ts');
    const gitDiff = existsSync(dirname(file)) ? await hasGitDiff(dirname(file)) : null;
    const steps =
      gitDiff === false ? [...found.steps, 'Let git diff show prompts as text: promptvault init --git'] : found.steps;
    const json = { ...found, gitDiff, steps };
    return { json, text: diagnosisText(json), ...(found.ok ? {} : { exit: exits.damaged }) };
  },
};

const text: Verb = {
  usage: 'text <file>',
  group,
  summary: 'a vault as text, for git diff',
  detail: 'git runs it by itself after "promptvault init --git".',
  examples: ['promptvault text .promptvault/vault.db'],
  async run({ args: [file = ''], io }) {
    const all = (await care()).text({ file: resolve(io.cwd, file) });
    return { json: { text: all }, text: plainText(all) };
  },
};

function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function backupsText(backups: readonly BackupInfo[]): string {
  if (backups.length === 0) return 'There is no backup of this vault yet. Make one: promptvault backup';
  const rows = backups.map(({ file, at, reason, bytes }) => [shortTime(at), reason, sizeText(bytes), file]);
  return `${table(['made', 'why', 'size', 'file'], rows)}\n\nGo back to one: promptvault restore <file>`;
}

function diagnosisText(found: Diagnosis & { gitDiff: boolean | null }): string {
  const { backups, error, place, problems } = found;
  const newest = backups.newest ? `, the newest ${shortTime(backups.newest.at)} (${backups.newest.reason})` : '';
  const health = found.ok ? (error ? plainLine(error.message) : 'everything is as it was written') : 'NOT WELL';
  const lines = fields([
    ['vault', found.file],
    ['health', health],
    ['problem', found.ok ? null : (error?.message ?? `${counted(problems.length, 'problem')} found`)],
    ['id', found.vaultId],
    ['schema', found.schema === null ? null : `${found.schema} (this PromptVault knows up to ${found.knownSchema})`],
    [
      'holds',
      found.schema === null
        ? null
        : `${counted(found.prompts, 'prompt')}, ${counted(found.versions, 'version')}, ${counted(found.events, 'event')}`,
    ],
    ['size', sizeText(found.bytes)],
    ['writing', found.readOnlyReason ?? 'possible'],
    ['file system', `${place.fileSystem}${place.network ? ' (network)' : ''}`],
    [
      'settings',
      Object.entries(found.settings)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ],
    ['backups', `${backups.count}${newest} in ${backups.folder}`],
    ['outbox', found.outbox.waiting > 0 ? `${counted(found.outbox.waiting, 'delivery', 'deliveries')} waiting` : null],
    ['git diff', { true: 'shows text', false: 'shows no text yet', null: null }[String(found.gitDiff)] ?? null],
  ]);
  const rows = problems.slice(0, 50).map(({ what, path, version, detail }) => [what, path, version, detail]);
  const listed = rows.length > 0 ? `\n\n${table(['what', 'prompt', 'version', 'detail'], rows)}` : '';
  const next =
    found.steps.length > 0 ? `\n\nNext:\n${found.steps.map((step) => `  - ${plainLine(step)}`).join('\n')}` : '';
  return `${lines}${listed}${next}`;
}

export const careVerbs: readonly Verb[] = [backup, restore, salvage, doctor, text];
