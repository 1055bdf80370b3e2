import type { McpLaunch } from './mcpLaunch.ts';

/** What a person pastes, and where. */
export type McpConfiguration = { label: string; detail: string; text: string };

/** How other agents are told of the server; each knows the same thing in a form of its own. */
export function mcpConfigurations(
  name: string,
  launch: McpLaunch,
  platform: NodeJS.Platform = process.platform,
): McpConfiguration[] {
  const { command, args, env } = launch;
  const server = { command, args, ...(Object.keys(env).length > 0 ? { env } : {}) };
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const servers = (more: object) => json({ mcpServers: { [name]: { ...more, ...server } } });
  return [
    {
      label: 'Claude Code: command',
      detail: 'Run it in a terminal in the project',
      text: claudeCommand(name, launch, platform),
    },
    { label: 'Claude Code: .mcp.json', detail: 'In the project’s folder', text: servers({ type: 'stdio' }) },
    {
      label: 'Cline',
      detail: 'cline_mcp_settings.json: Cline, MCP Servers, Configure',
      text: servers({ disabled: false, autoApprove: [] }),
    },
    { label: 'Roo Code', detail: '.roo/mcp.json in the project', text: servers({ disabled: false, alwaysAllow: [] }) },
    { label: 'Cursor', detail: '.cursor/mcp.json in the project', text: servers({}) },
    {
      label: 'VS Code',
      detail: '.vscode/mcp.json in the project',
      text: json({ servers: { [name]: { type: 'stdio', ...server } } }),
    },
    { label: 'Any other agent', detail: 'The server alone, as JSON', text: json(server) },
  ];
}

function claudeCommand(name: string, { command, args, env }: McpLaunch, platform: NodeJS.Platform): string {
  const word = platform === 'win32' ? windowsWord : posixWord;
  const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return `${['claude', 'mcp', 'add', name, ...variables, '--', command, ...args].map(word).join(' ')}\n`;
}

const plain = /^[\w@%+=:,./-]+$/;
const posixWord = (word: string) => (plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
/** Names of files hold no double quotes there, but what PowerShell would run between them, which only its own quotes hold back. */
function windowsWord(word: string): string {
  if (/^[\w@+=:,./\\-]+$/.test(word)) return word;
  return /[$`\u201c-\u201e]/.test(word) ? `'${word.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'` : `"${word}"`;
}
