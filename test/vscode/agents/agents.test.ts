import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as vscode from 'vscode';
import { type EngineClient, forkEngine } from '../../../src/engine/engineClient.ts';
import { invokeTool, prepareTool } from '../../../src/extension/agents/invokeTool.ts';
import { writeLauncher } from '../../../src/extension/agents/launcher.ts';
import { type CursorMcp, mcpDefinitions, registerInCursor } from '../../../src/extension/agents/mcpServers.ts';
import { questionOf } from '../../../src/extension/agents/toolQuestion.ts';
import { createWorkspaceVaults, type WorkspaceVaults } from '../../../src/extension/workspaceVaults.ts';
import { eventually, folder, openOtherProcess, vaultFile } from '../vault/helpers.ts';

const path = 'support/triage';
const readers = ['search_prompts', 'get_prompt', 'render_prompt', 'compare_versions', 'read_history', 'list_suites'];
const drafts = ['create_draft', 'edit_draft'];
const full = (names: string[]) => names.map((name) => `promptvault_${name}`).sort();
const ours = () =>
  vscode.lm.tools
    .map(({ name }) => name)
    .filter((name) => name.startsWith('promptvault_'))
    .sort();

type Told = {
  provenance: { version: string; stage: string }[];
  data: {
    prompts: { path: string }[];
    messages: { content: string }[];
    ran: boolean;
    estimate: { calls: number };
  };
};
/** What a tool answers, from between the marks. */
async function invoke(name: string, input: object): Promise<Told> {
  const result = await vscode.lm.invokeTool(`promptvault_${name}`, { input, toolInvocationToken: undefined });
  const [part] = result.content as vscode.LanguageModelTextPart[];
  return JSON.parse(/<vault-data>\n([\s\S]*)\n<\/vault-data>/.exec(part?.value ?? '')?.[1] ?? '{}');
}

describe('vaults for the agents of a window', () => {
  let other: EngineClient;
  let context: vscode.ExtensionContext;
  let vaults: WorkspaceVaults;
  const log = vscode.window.createOutputChannel('Tests', { log: true });

  before(async () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    assert.ok(extension);
    const api = (await extension.activate()) as { ready: Promise<void> };
    await api.ready;
    await vscode.commands.executeCommand('promptvault.vault.create');
    other = await openOtherProcess();
    await other.create({ path, messages: [{ role: 'user', content: 'Sort {{mail}}' }] });
    for (let i = 0; i < 2; i += 1) await other.promote({ ref: path });
    const suite = { refs: [path], models: ['echo:echo'], checks: [], checkSets: [], repeat: 1, maxCostUsd: null };
    await other.saveSuite({ name: 'free', definition: suite });
    const globalStorageUri = vscode.Uri.joinPath(folder().uri, 'global');
    const asAbsolutePath = (file: string) => join(extension.extensionPath, file);
    context = { extension, globalStorageUri, asAbsolutePath } as unknown as vscode.ExtensionContext;
    vaults = createWorkspaceVaults(
      async () =>
        forkEngine({
          modulePath: asAbsolutePath('dist/engine.js'),
          file: vaultFile(),
          actor: 'Ada',
          host: { connection: async () => ({}), prices: async () => ({}) },
        }),
      log,
    );
    await vaults.ready;
  });
  after(async () => {
    vaults.dispose();
    await other.close();
  });

  it('are served by the tools that MCP has; those that write do nothing before a person switched them on', async () => {
    await eventually('the tools', () => ours().length > 0);
    assert.deepEqual(ours(), full([...readers, 'run_suite', ...drafts]));
    const messages = [{ role: 'user', content: 'x' }];
    await assert.rejects(invoke('create_draft', { path: 'agent/made', messages }));
    await assert.rejects(invoke('edit_draft', { path, version: '1.0', revision: 1, messages }));
    assert.equal((await other.list({})).total, 1);
  });

  it('answer a tool with data, and fail with a code', async () => {
    const found = await invoke('search_prompts', { search: 'triage' });
    assert.deepEqual(
      found.data.prompts.map((one) => one.path),
      [path],
    );
    const { provenance } = await invoke('get_prompt', { path });
    assert.deepEqual([provenance[0]?.version, provenance[0]?.stage], ['1.0', 'PRD']);
    const rendered = await invoke('render_prompt', { path, values: { mail: 'Hi' } });
    assert.equal(rendered.data.messages[0]?.content, 'Sort Hi');
    await assert.rejects(invoke('get_prompt', { path: 'no/such' }), /NOT_FOUND/);
    await assert.rejects(invoke('get_prompt', { path, url: 'https://evil.example' }));
  });

  it('run nothing for a chat that has no code', async () => {
    const asked = await invoke('run_suite', { suite: 'free' });
    assert.deepEqual([asked.data.ran, asked.data.estimate.calls], [false, 1]);
    assert.deepEqual(await other.listRuns({}), []);
  });

  it('get drafts in the agent’s name, in DEV, once a person said yes', async () => {
    const { token } = new vscode.CancellationTokenSource();
    const messages = [{ role: 'user', content: 'Made' }];
    const asked = await prepareTool('create_draft', { path: 'agent/made', messages }, { vaults });
    assert.ok(asked.confirmationMessages);
    await invokeTool('create_draft', { path: 'agent/made', messages }, { vaults, token });
    const { stage, createdBy } = await other.show({ ref: 'agent/made' });
    assert.deepEqual([stage, createdBy.startsWith('agent:vscode for ')], ['DEV', true]);
    await assert.rejects(invokeTool('create_draft', { path: 'agent/made', messages }, { vaults, token }), /EXISTS/);
  });

  it('have a person asked by prompt, version and stage before anything is written or run', async () => {
    const engine = async () => other;
    const messages = [{ role: 'user', content: '12345' }];
    const questions = await Promise.all([
      questionOf('create_draft', { path: 'a/b', messages }, engine),
      questionOf('create_draft', { path, copyOf: 'PRD', messages }, engine),
      questionOf('edit_draft', { path, version: '1.0', messages }, engine),
      questionOf('run_suite', { suite: 'free', confirmation: 'x' }, engine),
      questionOf('run_suite', { suite: 'free' }, engine),
      questionOf('get_prompt', { path }, engine),
    ]);
    const [made, copied, edited, ran, ...none] = questions.map((one) => one?.message);
    assert.match(made ?? '', /a\/b, v1\.0 in DEV.* 5 characters/);
    assert.match(copied ?? '', /support\/triage in DEV from v1\.0 \(PRD\)/);
    assert.match(edited ?? '', /v1\.0 \(PRD, revision 1\).* had 13 characters and gets 5/);
    assert.match(ran ?? '', /support\/triage v1\.0 \(PRD\): 1 calls of models, about \$0\.0000/);
    assert.deepEqual(none, [undefined, undefined]);
  });

  it('are served over MCP by the editor’s own Node.js, one server per vault', async () => {
    const [definition, ...more] = await mcpDefinitions({ context, vaults });
    assert.ok(definition);
    assert.deepEqual([more.length, definition.args.slice(1)], [0, ['--vault', vaultFile(), 'mcp']]);
    const client = new Client({ name: 'test', version: '1' });
    const { command, args } = definition;
    const env = { ...process.env, ...definition.env } as { [name: string]: string };
    await client.connect(new StdioClientTransport({ command, args, env, stderr: 'pipe' }));
    try {
      assert.deepEqual(
        (await client.listPrompts()).prompts.map(({ name }) => name),
        [path],
      );
    } finally {
      await client.close();
    }
  });

  it('are told to Cursor where it is there, and taken back', async () => {
    const known = new Map<string, string[]>();
    const mcp: CursorMcp = {
      registerServer: ({ name, server }) => void known.set(name, server.args),
      unregisterServer: (name) => void known.delete(name),
    };
    const registered = registerInCursor(mcp, { context, vaults, log }, new vscode.EventEmitter<void>().event);
    await eventually('the server', () => known.size === 1);
    assert.deepEqual(known.get('promptvault')?.at(-1), 'mcp');
    registered.dispose();
    assert.equal(known.size, 0);
  });

  it('have a launcher whose place stays the same when the extension is updated', async () => {
    const file = await writeLauncher(context);
    assert.match(readFileSync(file, 'utf8'), /require\(".*cli\.js"\)/);
    writeFileSync(file, 'require("/old/cli.js");\n');
    assert.equal(await writeLauncher(context), file);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /old/);
  });

  it('copy a configuration for an agent to the clipboard', async () => {
    const copied = vscode.commands.executeCommand('promptvault.mcp.copyConfiguration');
    const text = await eventually('the configuration', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const now = await vscode.env.clipboard.readText();
      return now.includes('claude mcp add') ? now : undefined;
    });
    await copied;
    assert.match(text, /^claude mcp add promptvault .*-- .*promptvault\.cjs --vault .*vault\.db mcp\n$/);
  });

  it('write a prompt to where agents read it, and leave there what was edited by hand', async () => {
    const skill = join(folder().uri.fsPath, '.claude/skills/support-triage/SKILL.md');
    await eventually('the file', async () => {
      const picking = vscode.commands.executeCommand('promptvault.agents.export', path);
      await wait(300);
      for (const command of ['quickOpenSelectNext', 'quickPickManyToggle', 'acceptSelectedQuickOpenItem']) {
        await vscode.commands.executeCommand(`workbench.action.${command}`);
      }
      await Promise.race([picking, wait(1000)]);
      return existsSync(skill);
    });
    assert.match(readFileSync(skill, 'utf8'), /support\/triage@1\.0 /);
    writeFileSync(skill, 'Mine\n');
    await vscode.commands.executeCommand('promptvault.agents.write');
    assert.equal(readFileSync(skill, 'utf8'), 'Mine\n');
  });
});
