import { findActor } from '../../engine/findActor.ts';
import type { AgentFileChange, AgentFileKind } from '../../exchange/agentFiles/types.ts';
import { VaultError } from '../../shared/errors.ts';
import { agentFilesText, isRefused } from '../agentFileText.ts';
import { exits } from '../exitCodes.ts';
import { createSession } from '../session.ts';
import type { Answer, Call, Verb } from '../verb.ts';
import { version } from '../version.ts';

const group = 'Using:';

const mcp: Verb<{ allowDrafts?: boolean }> = {
  usage: 'mcp',
  group,
  summary: 'serve the vault to an AI agent over MCP, on stdin and stdout',
  detail:
    'Prompts in production come as MCP prompts. Tools search, read, render, compare and run suites, which spends nothing before a person agreed; with --allow-drafts they also write drafts in DEV. Nothing here promotes, rolls back or deletes. The agent starts it: see "PromptVault: Copy MCP Configuration" in VS Code, or put this line into its configuration.',
  options: [{ flags: '--allow-drafts', kind: 'flag', about: 'tools that write drafts in DEV' }],
  examples: ['promptvault --vault /work/shop/.promptvault/vault.db mcp', 'promptvault mcp --allow-drafts'],
  async run({ options, io, say, signal }) {
    if (options.json) throw new VaultError('USAGE', 'stdout carries the protocol alone: leave out --json');
    const { serveMcp } = await import('../../mcp/serveMcp.ts');
    const person = async () => options.actor?.trim() || findActor(io.cwd, io.env);
    await serveMcp({
      // A session of its own for each try: one that failed stays failed.
      open: () => createSession(io, options).engine(),
      person,
      version,
      allowDrafts: options.allowDrafts ?? false,
      ...{ stdin: io.stdin, stdout: io.stdout, say, signal },
    });
    return { json: null, text: '' };
  },
};

type AgentOptions = { kind?: string[]; force?: boolean; check?: boolean };
type Given = Call<AgentOptions> & { path: string | undefined };

const actions: { [action: string]: (given: Given) => Promise<Answer> } = {
  async list({ path, engine }) {
    const files = await (await engine('read')).agentFiles({ path, limit: 100_000 });
    return { json: { files }, text: files.length === 0 ? nothing : agentFilesText(files) };
  },
  async add(given) {
    const { kind = [], force } = given.options;
    if (kind.length === 0) throw new VaultError('USAGE', `Say for whom: ${kindFlags}`);
    const add = kind as AgentFileKind[];
    return changed(await (await given.engine()).chooseAgentFiles({ path: pathOf(given), add, force }));
  },
  async remove(given) {
    const vault = await given.engine();
    const path = pathOf(given);
    const chosen = (await vault.agentFiles({ path })).map(({ kind }) => kind);
    const remove = (given.options.kind as AgentFileKind[] | undefined) ?? chosen;
    const gone = await vault.chooseAgentFiles({ path, remove });
    return { json: { files: gone }, text: gone.length === 0 ? nothing : agentFilesText(gone) };
  },
  async write({ path, options: { force, check }, engine }) {
    const found = await (await engine(check ? 'read' : 'write')).writeAgentFiles({ path, force, dryRun: check });
    if (!check) return changed(found);
    const behind = found.filter(({ state }) => state !== 'current' && state !== 'unreleased');
    const text = behind.length === 0 ? 'All files for agents are in step' : agentFilesText(behind, { would: true });
    return { json: { files: found }, text, exit: behind.length > 0 ? exits.failed : exits.done };
  },
};

const kindFlags = '--kind skill, copilot, claude-command or cursor';
const nothing = 'No prompt is written for agents. Choose one: promptvault agents add <path> --kind skill';

function pathOf({ path }: Given): string {
  if (path === undefined) throw new VaultError('USAGE', 'Name the prompt: promptvault agents add support/triage');
  return path;
}

const howToForce = 'What was edited by hand or is not ours was left as it is: add --force to overwrite it';
const forceable = ({ done, state }: AgentFileChange) => done === 'kept' && (state === 'edited' || state === 'foreign');

const changed = (files: AgentFileChange[]): Answer => ({
  json: { files },
  text: files.length === 0 ? nothing : agentFilesText(files) + (files.some(forceable) ? `\n\n${howToForce}` : ''),
  // What was overwritten on demand is no failure any more.
  exit: files.some((one) => one.done === 'kept' && isRefused(one)) ? exits.failed : exits.done,
});

const agents: Verb<AgentOptions> = {
  usage: 'agents [action] [path]',
  group,
  summary: 'write released prompts where agents read them: add, remove, list, write',
  detail:
    'Kinds are skill (.claude/skills), copilot (.github/prompts), claude-command (.claude/commands) and cursor (.cursor/commands), below the folder of the vault. What was added is written again with each promotion, rollback and move. A file that is not ours, or was edited by hand, stays as it is unless --force says otherwise.',
  options: [
    { flags: '--kind <kind>', kind: 'list', about: 'skill, copilot, claude-command or cursor; repeat it for more' },
    { flags: '--force', kind: 'flag', about: 'add, write: overwrite files that are not ours or were edited' },
    { flags: '--check', kind: 'flag', about: 'write: write nothing, end with 1 when something is not in step' },
  ],
  examples: [
    'promptvault agents add support/triage --kind skill --kind copilot',
    'promptvault agents list',
    'promptvault agents write --check',
    'promptvault agents remove support/triage --kind copilot',
  ],
  async run(call) {
    const [action = 'list', path] = call.args;
    const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!found) throw new VaultError('USAGE', `Files for agents: ${Object.keys(actions).join(', ')}, not ${action}`);
    return found({ ...call, path });
  },
};

export const agentVerbs: readonly Verb[] = [mcp, agents];
