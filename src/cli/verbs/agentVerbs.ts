import { findActor } from '../../engine/findActor.ts';
import { VaultError } from '../../shared/errors.ts';
import { createSession } from '../session.ts';
import type { Verb } from '../verb.ts';
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

export const agentVerbs: readonly Verb[] = [mcp];
