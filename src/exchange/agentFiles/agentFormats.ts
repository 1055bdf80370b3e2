import type { Served } from '../../vault/types.ts';
import { agentText, oneLine, valueList } from './agentText.ts';
import type { AgentFileKind } from './types.ts';

/** What a format needs to know of a prompt in production. */
export type AgentPrompt = { name: string; title: string; description: string; served: Served };
/** `head` is front matter, `body` what the model reads. */
export type AgentFileText = { head: { [key: string]: string } | null; body: string };
export type AgentFormat = {
  kind: AgentFileKind;
  /** For people to choose from. */
  label: string;
  /** Relative to the workspace, with slashes. */
  file(name: string): string;
  /** What `file` can answer, and nothing else. */
  files: RegExp;
  write(prompt: AgentPrompt): AgentFileText;
  /** A text the agent would not read but run. */
  runs?: RegExp;
};

const longestDescription = 1024;
const about = ({ title, description, name }: AgentPrompt) =>
  oneLine(description, longestDescription) || oneLine(title, longestDescription) || name;

/** Claude Code runs what stands between these before the model sees the text, wherever in a line they begin. */
const shellCommand = /!`|(```|~~~)!/;

const asked =
  'Before you follow this, put the values in the place of the placeholders. Ask for those you were not given:';
function withValues(text: string, list: string): string {
  return list === '' ? text : `${text}\n\n${asked}\n\n${list}`;
}
const asWritten = ({ name }: { name: string }) => `{{${name}}}`;

const skill: AgentFormat = {
  kind: 'skill',
  label: 'Agent skill (.claude/skills)',
  file: (name) => `.claude/skills/${name}/SKILL.md`,
  files: /^\.claude\/skills\/[a-z0-9-]{1,64}\/SKILL\.md$/,
  write: (prompt) => ({
    head: { name: prompt.name, description: about(prompt) },
    body: withValues(agentText(prompt.served, asWritten), valueList(prompt.served.variables)),
  }),
  runs: shellCommand,
};

const copilot: AgentFormat = {
  kind: 'copilot',
  label: 'Copilot prompt file (.github/prompts)',
  file: (name) => `.github/prompts/${name}.prompt.md`,
  files: /^\.github\/prompts\/[a-z0-9-]{1,64}\.prompt\.md$/,
  write: (prompt) => ({
    head: { description: about(prompt) },
    body: agentText(prompt.served, ({ name, default: fallback, description = '' }) => {
      const hint = oneLine(fallback ?? description, 100).replace(/[{}:]/g, '');
      return hint === '' ? `\${input:${name}}` : `\${input:${name}:${hint}}`;
    }),
  }),
};

const claudeCommand: AgentFormat = {
  kind: 'claude-command',
  label: 'Claude Code command (.claude/commands)',
  file: (name) => `.claude/commands/${name}.md`,
  files: /^\.claude\/commands\/[a-z0-9-]{1,64}\.md$/,
  write(prompt) {
    const { variables } = prompt.served;
    const [only, ...others] = variables;
    const hint = variables.map(({ name }) => `[${name}]`).join(' ');
    const head = { description: about(prompt), ...(hint === '' ? {} : { 'argument-hint': hint }) };
    // Positions are split at blanks, which no text of several words survives: only the whole of what was typed is sure.
    if (only && others.length === 0 && only.default === undefined) {
      return { head, body: agentText(prompt.served, () => '$ARGUMENTS') };
    }
    const body = withValues(agentText(prompt.served, asWritten), valueList(variables));
    return { head, body: variables.length === 0 ? body : `${body}\n\nWhat was given: $ARGUMENTS` };
  },
  runs: shellCommand,
};

const cursor: AgentFormat = {
  kind: 'cursor',
  label: 'Cursor command (.cursor/commands)',
  file: (name) => `.cursor/commands/${name}.md`,
  files: /^\.cursor\/commands\/[a-z0-9-]{1,64}\.md$/,
  write: ({ served }) => ({
    head: null,
    body: withValues(agentText(served, asWritten), valueList(served.variables)),
  }),
};

export const agentFormats: Readonly<Record<AgentFileKind, AgentFormat>> = {
  skill,
  copilot,
  'claude-command': claudeCommand,
  cursor,
};
