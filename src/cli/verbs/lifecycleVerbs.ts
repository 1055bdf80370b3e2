import type { Engine } from '../../engine/engine.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import { VaultError } from '../../shared/errors.ts';
import { tellAgentFiles } from '../agentFileText.ts';
import { drillText, undoText } from '../drillText.ts';
import { plainLine } from '../plainText.ts';
import type { Verb, VerbOption } from '../verb.ts';
import { versionLine } from '../versionText.ts';

const group = 'Versions:';
const syncToo: VerbOption = {
  flags: '--sync',
  kind: 'flag',
  about: 'deliver it to automatic targets and webhooks before this ends; else it waits in the vault',
};
const rationale: VerbOption = { flags: '--rationale <text>', kind: 'text', about: 'why' };

const version: Verb<{ major?: boolean; rationale?: string }> = {
  usage: 'version <ref>',
  group,
  summary: 'copy any version into a new DEV draft with the next free number',
  options: [{ flags: '--major', kind: 'flag', about: 'start the next major: 2.3 is followed by 3.0' }, rationale],
  examples: ['promptvault version support/triage@PRD --rationale "answer in German too"'],
  async run({ args: [ref = ''], options, engine }) {
    const made = await (await engine()).createVersion({ ref, major: options.major, rationale: options.rationale });
    return { json: made, text: `${versionLine(made, 'Made')} from v${made.copiedFrom}` };
  },
};

const promote: Verb<{ rationale?: string; override?: string; sync?: boolean }> = {
  usage: 'promote <ref>',
  group,
  summary: 'move a draft one stage on: DEV to TST, TST to PRD',
  detail:
    'A version that gets to PRD can never be changed again, and the one that was there is retired. Where the vault has a gate ("promptvault gate"), TST goes to PRD only with a run of exactly this content on its suite; --override lets it pass with a reason, which the log keeps.',
  options: [rationale, { flags: '--override <reason>', kind: 'text', about: 'past the gate, and why' }, syncToo],
  examples: [
    'promptvault promote support/triage',
    'promptvault promote support/triage@2.3 --rationale "passes all cases"',
  ],
  async run({ args: [ref = ''], options, engine, signal, say }) {
    const vault = await engine();
    const { path, version: number, stage, revision } = await vault.show({ ref });
    const moved = await vault.promote({
      ref: `${path}@${number}`,
      rationale: options.rationale,
      expectRevision: revision,
      expectStage: stage,
      override: options.override,
    });
    if (moved.stage === 'PRD') await tellAgentFiles(vault, path, say);
    const { json, text } = await deliver(vault, { wanted: options.sync, signal, say });
    return { json: { ...moved, ...json }, text: `${versionLine(moved, 'Promoted')}, from ${stage}${text}` };
  },
};

const rollback: Verb<{ to?: string; reason?: string; drill?: boolean; sync?: boolean }> = {
  usage: 'rollback <path>',
  group,
  summary: 'bring the content of a retired version back into production',
  detail: 'A new version with the old content goes to PRD at once. History does not change.',
  options: [
    { flags: '--to <version>', kind: 'text', about: 'the retired version, for example 2.2 (required)' },
    { flags: '--reason <text>', kind: 'text', about: 'why; it stands in the history (required, but for a drill)' },
    { flags: '--drill', kind: 'flag', about: 'rehearse it on a copy: how long, and what would be served' },
    syncToo,
  ],
  examples: [
    'promptvault rollback support/triage --to 2.2 --drill',
    'promptvault rollback support/triage --to 2.2 --reason "2.3 invents refunds"',
  ],
  async run({ args: [path = ''], options: { to, reason, drill, sync }, engine, signal, say }) {
    if (!to) throw new VaultError('USAGE', 'Say which version: --to 2.2. "promptvault history <path>" lists them');
    if (drill) {
      const result = await (await engine('read')).drillRollback({ path, to });
      return { json: result, text: drillText(result) };
    }
    if (!reason?.trim()) throw new VaultError('USAGE', 'Say why: --reason "…"');
    const vault = await engine();
    const served = await vault.rollback({ path, to: to.replace(/^v/, ''), reason });
    await tellAgentFiles(vault, served.path, say);
    const undo = undoText(served, await allVersions(vault, served.path));
    const { json, text } = await deliver(vault, { wanted: sync, signal, say });
    const line = `${versionLine(served, 'Serving')} with the content of v${served.rollbackOf}`;
    return { json: { ...served, ...json }, text: `${line}${text}${undo}` };
  },
};

type Delivering = { wanted: boolean | undefined; signal: AbortSignal; say: (line: string) => void };

/** With --sync what was queued is delivered now, and said; else it is said what waits, and who delivers it. */
async function deliver(vault: Engine, { wanted, signal, say }: Delivering) {
  if (!wanted) {
    // The release is done, whatever stands in the settings of targets.
    const targets = await vault.listTargets().catch(() => []);
    const waiting = targets.filter(({ state, pending }) => state === 'on' && pending > 0).map(({ name }) => name);
    const who = 'an open VS Code, "promptvault serve" or "promptvault sync --watch"';
    if (waiting.length > 0) say(`waiting for ${who}, to be delivered to ${plainLine(waiting.join(', '))}`);
    return { json: {}, text: '' };
  }
  const delivered = await vault.deliverDue({}, signal);
  const { failed, pending } = delivered;
  return { json: { delivered }, text: `; ${delivered.delivered} delivered, ${failed} failed, ${pending} waiting` };
}

const remove: Verb<{ yes?: boolean }> = {
  usage: 'delete <ref>',
  group,
  summary: 'delete a DEV version; the prompt goes with its last one',
  detail: 'Only DEV versions can be deleted. Test results and history stay.',
  options: [{ flags: '--yes', kind: 'flag', about: 'yes, delete it (required)' }],
  examples: ['promptvault delete support/triage@2.4 --yes'],
  async run({ args: [ref = ''], options, engine }) {
    if (!options.yes) throw new VaultError('USAGE', 'Nothing was deleted. To delete for good, add --yes');
    const gone = await (await engine()).deleteVersion({ ref });
    const prompt = gone.promptDeleted ? ', its last version: the prompt is gone' : '';
    return { json: gone, text: `Deleted ${plainLine(gone.path)} v${gone.version}${prompt}` };
  },
};

export const lifecycleVerbs: readonly Verb[] = [version, promote, rollback, remove];
