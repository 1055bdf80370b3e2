import { afterPromotion, afterRollback } from '../../code/callSiteFit.ts';
import type { Engine } from '../../engine/engine.ts';
import { rulesFor } from '../../engine/rules.ts';
import { allVersions } from '../../engine/wholeHistory.ts';
import { VaultError } from '../../shared/errors.ts';
import type { VersionRecord } from '../../vault/types.ts';
import { tellAgentFiles } from '../agentFileText.ts';
import type { CodeContract } from '../audit/codeContract.ts';
import { brokenCalls, type ContractOptions, contractFlags, refusedByCode } from '../contractFlags.ts';
import { drillText, undoText } from '../drillText.ts';
import { exits } from '../exitCodes.ts';
import { plainLine } from '../plainText.ts';
import { counted } from '../table.ts';
import type { Answer, Verb, VerbOption } from '../verb.ts';
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

const promote: Verb<ContractOptions & { rationale?: string; override?: string; sync?: boolean }> = {
  usage: 'promote <ref>',
  group,
  summary: 'move a draft one stage on: DEV to TST, TST to PRD',
  detail:
    'A version that gets to PRD can never be changed again, and the one that was there is retired. Where the vault has a gate ("promptvault gate"), TST goes to PRD only with a run of exactly this content on its suite; --override lets it pass with a reason, which the log keeps. Calls in the code around the vault that pass other variables than a version in PRD declares are told as warnings.',
  options: [
    rationale,
    { flags: '--override <reason>', kind: 'text', about: 'past the gate, and why' },
    ...contractFlags,
    syncToo,
  ],
  examples: [
    'promptvault promote support/triage',
    'promptvault promote support/triage@2.3 --rationale "passes all cases"',
    'promptvault promote support/triage@2.3 --contract',
  ],
  async run(call) {
    const [ref = ''] = call.args;
    const { options, signal, say } = call;
    const vault = await call.engine();
    const shown = await vault.show({ ref });
    const { path, version: number, stage, revision } = shown;
    const about = {
      path,
      release: async () => ({
        after: afterPromotion({ versions: await allVersions(vault, path) }, number),
        version: number,
      }),
    };
    const refused = rulesFor(stage).promotesTo === 'PRD' ? await refusedByCode(call, about) : null;
    if (refused) return notDone(shown, refused);
    const moved = await vault.promote({
      ref: `${path}@${number}`,
      rationale: options.rationale,
      expectRevision: revision,
      expectStage: stage,
      override: options.override,
    });
    if (moved.stage === 'PRD') await tellAgentFiles(vault, path, say);
    const { json, text } = await deliver(vault, { wanted: options.sync, signal, say });
    const contract = moved.stage === 'PRD' ? await brokenCalls(call, about) : null;
    return { json: { ...moved, ...json, contract }, text: `${versionLine(moved, 'Promoted')}, from ${stage}${text}` };
  },
};

/** What --contract answers when calls would break. */
function notDone(version: VersionRecord, contract: CodeContract): Answer {
  const calls = counted(contract.breaks.length, 'call');
  const text = `Nothing was released: ${contract.versions.join(', ')} would break ${calls} in code`;
  return { json: { ...version, contract }, text, exit: exits.testsFailed };
}

const rollback: Verb<ContractOptions & { to?: string; reason?: string; drill?: boolean; sync?: boolean }> = {
  usage: 'rollback <path>',
  group,
  summary: 'bring the content of a retired version back into production',
  detail:
    'A new version with the old content goes to PRD at once. History does not change. Calls in the code around the vault that pass other variables than it declares are told as warnings.',
  options: [
    { flags: '--to <version>', kind: 'text', about: 'the retired version, for example 2.2 (required)' },
    { flags: '--reason <text>', kind: 'text', about: 'why; it stands in the history (required, but for a drill)' },
    { flags: '--drill', kind: 'flag', about: 'rehearse it on a copy: how long, and what would be served' },
    ...contractFlags,
    syncToo,
  ],
  examples: [
    'promptvault rollback support/triage --to 2.2 --drill',
    'promptvault rollback support/triage --to 2.2 --reason "2.3 invents refunds"',
  ],
  async run(call) {
    const [path = ''] = call.args;
    const { to: given, reason, drill, sync } = call.options;
    if (!given) throw new VaultError('USAGE', 'Say which version: --to 2.2. "promptvault history <path>" lists them');
    const to = given.replace(/^v/, '');
    if (drill) {
      const reading = await call.engine('read');
      const result = await reading.drillRollback({ path, to });
      const contract = await brokenCalls(call, releaseOf(reading, { path, to, version: result.served.version }));
      const fails = call.options.contract && (contract?.breaks.length ?? 0) > 0;
      const exit = fails ? exits.testsFailed : exits.done;
      return { json: { ...result, contract }, text: drillText(result), exit };
    }
    if (!reason?.trim()) throw new VaultError('USAGE', 'Say why: --reason "…"');
    const vault = await call.engine();
    if (call.options.contract) {
      const version = await vault.nextVersion({ ref: `${path}@${to}` });
      const refused = await refusedByCode(call, releaseOf(vault, { path, to, version }));
      if (refused) return notDone(await vault.show({ ref: `${path}@${to}` }), refused);
    }
    const served = await vault.rollback({ path, to, reason });
    await tellAgentFiles(vault, served.path, call.say);
    const undo = undoText(served, await allVersions(vault, served.path));
    const { json, text } = await deliver(vault, { wanted: sync, signal: call.signal, say: call.say });
    const contract = await brokenCalls(call, releaseOf(vault, { path: served.path, to, version: served.version }));
    const line = `${versionLine(served, 'Serving')} with the content of v${served.rollbackOf}`;
    return { json: { ...served, ...json, contract }, text: `${line}${text}${undo}` };
  },
};

function releaseOf(vault: Engine, { path, to, version }: { path: string; to: string; version: string }) {
  const release = async () => ({
    after: afterRollback({ versions: await allVersions(vault, path) }, { to, version }),
    version,
  });
  return { path, release };
}

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
