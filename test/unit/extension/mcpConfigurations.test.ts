import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mcpConfigurations } from '../../../src/extension/agents/mcpConfigurations.ts';

const launch = {
  command: "/opt/it's here/node",
  args: ['/a b/promptvault.cjs', '--vault', '/w$HOME/`x`/vault.db', 'mcp'],
  env: { ELECTRON_RUN_AS_NODE: '1' },
};
const textFor = (label: string, platform?: NodeJS.Platform) =>
  mcpConfigurations('promptvault', launch, platform).find((one) => one.label.startsWith(label))?.text ?? '';

describe('MCP configurations to paste', () => {
  it('name the same server in the form of each agent', () => {
    for (const label of ['Claude Code: .mcp.json', 'Cline', 'Roo Code', 'Cursor']) {
      const { command, args, env } = JSON.parse(textFor(label)).mcpServers.promptvault;
      assert.deepEqual({ command, args, env }, launch, label);
    }
    const { type, ...server } = JSON.parse(textFor('VS Code')).servers.promptvault;
    assert.deepEqual([type, server], ['stdio', launch]);
    assert.deepEqual(JSON.parse(textFor('Any other')), launch);
  });

  it('let an agent do nothing unasked', () => {
    assert.deepEqual(JSON.parse(textFor('Cline')).mcpServers.promptvault.autoApprove, []);
    assert.deepEqual(JSON.parse(textFor('Roo')).mcpServers.promptvault.alwaysAllow, []);
  });

  it('leave out an environment that is empty', () => {
    const [, file] = mcpConfigurations('promptvault', { ...launch, env: {} });
    assert.equal('env' in JSON.parse(file?.text ?? '{}').mcpServers.promptvault, false);
  });

  it('give a shell the words as they are', function () {
    if (process.platform === 'win32') return this.skip();
    const words = textFor('Claude Code: command', 'linux')
      .trim()
      .replace(/^claude /, '');
    const script = `for word in ${words}; do printf '%s\\n' "$word"; done`;
    const heard = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    const before = ['mcp', 'add', 'promptvault', '--env', 'ELECTRON_RUN_AS_NODE=1', '--'];
    assert.deepEqual(heard, [...before, launch.command, ...launch.args]);
    assert.match(textFor('Claude Code: command', 'win32'), / "\/a b\/promptvault\.cjs" --vault /);
  });

  it('give PowerShell nothing to run, whatever a folder is called', () => {
    const wordFor = (folder: string) => {
      const args = ['cli.js', '--vault', folder];
      return mcpConfigurations('promptvault', { ...launch, args }, 'win32')[0]
        ?.text.trim()
        .split('--vault ')[1];
    };
    assert.equal(wordFor('C:\\a b'), '"C:\\a b"');
    assert.equal(wordFor('C:\\$(calc)'), "'C:\\$(calc)'");
    assert.equal(wordFor('C:\\`a'), "'C:\\`a'");
    assert.equal(wordFor('C:\\a\u201d; calc'), "'C:\\a\u201d; calc'");
    assert.equal(wordFor("C:\\$'\u2019; calc"), "'C:\\$''\u2019\u2019; calc'");
  });
});
