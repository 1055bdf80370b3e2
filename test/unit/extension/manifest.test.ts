import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { agentTools, inputSchemaOf } from '../../../src/engine/agentTools/agentTools.ts';
import { commandIds } from '../../../src/extension/commandIds.ts';
import { panelTypes, viewOptions, walkthroughSteps } from '../../../src/extension/shellTable.ts';
import { vaultStates } from '../../../src/extension/vaultState.ts';

type Clause = { command?: string; when?: string; enablement?: string; contents?: string };
type Setting = { scope?: string; default?: unknown };
const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;
const ids: string[] = Object.keys(commandIds);
const settings: Record<string, Setting> = Object.assign(
  {},
  ...contributes.configuration.map((group: { properties: object }) => group.properties),
);

const clauses: Clause[] = [
  ...Object.values(contributes.menus).flat(),
  ...contributes.viewsWelcome,
  ...contributes.commands,
] as Clause[];

describe('the manifest', () => {
  it('contributes the commands of the table, all of them and no others', () => {
    const contributed = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(contributed.toSorted(), ids.toSorted());
  });

  it('contributes the views that VS Code is told of at once, and wakes for each panel', () => {
    const views = Object.values(contributes.views).flat() as { id: string }[];
    assert.deepEqual(views.map(({ id }) => id).toSorted(), Object.keys(viewOptions).toSorted());
    const woken = manifest.activationEvents.filter((event: string) => event.startsWith('onWebviewPanel:'));
    assert.deepEqual(woken.toSorted(), panelTypes.map((type) => `onWebviewPanel:${type}`).toSorted());
  });

  it('gives every command the category PromptVault and a title without it', () => {
    for (const { category, title } of contributes.commands) {
      assert.equal(category, 'PromptVault');
      assert.doesNotMatch(title, /PromptVault/);
    }
  });

  it('names only commands of its own in menus and keys', () => {
    const named = [...clauses, ...contributes.keybindings].flatMap(({ command }: Clause) => command ?? []);
    assert.ok(named.length > ids.length);
    for (const command of named) assert.ok(ids.includes(command), command);
  });

  it('links only to its own commands, and to commands VS Code has', () => {
    const texts = JSON.stringify([contributes.viewsWelcome, contributes.walkthroughs]);
    const linked = [...texts.matchAll(/command:([\w.]+)/g)].map((match) => match[1]!);
    assert.ok(linked.length > 10);
    for (const id of linked) assert.ok(ids.includes(id) || id.startsWith('workbench.'), id);
  });

  it('has something to say for every state in which the Prompts view is empty', () => {
    const said = contributes.viewsWelcome.map(({ when = '' }: Clause) => when).join(' ');
    const withRows = ['ready', 'readonly', 'opening'];
    for (const state of vaultStates.filter((one) => !withRows.includes(one))) {
      assert.match(said, new RegExp(`promptvault\\.state == ${state}\\b`));
    }
  });

  it('speaks only of states that exist', () => {
    const named = clauses.flatMap(({ when = '', enablement = '' }) => [
      ...`${when} ${enablement}`.matchAll(/promptvault\.state == (\w+)/g),
    ]);
    for (const [, state] of named) assert.ok((vaultStates as readonly string[]).includes(state!), state);
  });

  it('offers nothing that reads, publishes, serves or runs before the folder is trusted', () => {
    const commands = contributes.commands as { command: string; enablement?: string }[];
    const acting = /^promptvault\.(prompt|lab|gate|snippet|publishing|target|webhook|token|server|mcp|agents)\./;
    const some = commands.filter(({ command }) => acting.test(command) || command === 'promptvault.sync.run');
    assert.ok(some.length > 30);
    for (const { command, enablement = '' } of some) {
      const states = /promptvault\.state =~ (\/.+\/)/.exec(enablement)?.[1] ?? '';
      assert.match(states, /ready/, command);
      assert.doesNotMatch(states, /untrusted/, command);
    }
  });

  it('lets no workspace set an address or a price', () => {
    const names = Object.keys(settings).filter((name) => /url|prices|targets|webhooks/i.test(name));
    assert.equal(names.length, 8);
    for (const name of names) {
      assert.equal(settings[name]!.scope, 'application', name);
      assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name), name);
    }
  });

  it('contributes the tools of the table as they are, those that write only where a person switched them on', () => {
    const contributed = contributes.languageModelTools.map((tool: { [key: string]: unknown }) => ({
      ...{ name: tool.name, title: tool.displayName, description: tool.modelDescription, input: tool.inputSchema },
      allowed: String(tool.when).includes('config.promptvault.mcp.allowDrafts'),
    }));
    const expected = agentTools.map((tool) => ({
      ...{ name: `promptvault_${tool.name}`, title: tool.title, description: tool.description },
      ...{ input: inputSchemaOf(tool), allowed: tool.kind === 'draft' },
    }));
    assert.deepEqual(contributed, JSON.parse(JSON.stringify(expected)));
    assert.equal(settings['promptvault.mcp.allowDrafts']?.scope, 'application');
    assert.equal(settings['promptvault.mcp.allowDrafts']?.default, false);
  });

  it('has no setting that holds a key or token', () => {
    for (const name of Object.keys(settings)) assert.doesNotMatch(name, /key|token|secret/i);
  });

  it('ends every walkthrough step by what is done, or by a setting of its own, and has its picture for each kind of theme', () => {
    const [{ steps }] = contributes.walkthroughs;
    assert.deepEqual(
      steps.map(({ id }: { id: string }) => id),
      walkthroughSteps,
    );
    for (const { id, completionEvents, media } of steps) {
      const [done, ...others] = completionEvents as string[];
      assert.equal(done, `onContext:promptvault.done.${id}`);
      for (const event of others) assert.ok(Object.hasOwn(settings, event.replace('onSettingChanged:', '')), event);
      assert.deepEqual(Object.keys(media.image), ['dark', 'light', 'hc', 'hcLight']);
      for (const picture of Object.values<string>(media.image))
        assert.ok(statSync(join(root, picture)).size < 150 * 1024, picture);
    }
  });

  it('contributes a colour for each stage, in all four kinds of theme', () => {
    const colours = contributes.colors.map(({ id }: { id: string }) => id);
    assert.deepEqual(
      colours,
      ['Dev', 'Tst', 'Prd', 'Ret'].map((stage) => `promptvault.stage${stage}`),
    );
    for (const { defaults } of contributes.colors) {
      assert.deepEqual(Object.keys(defaults), ['dark', 'light', 'highContrast', 'highContrastLight']);
    }
  });
});
