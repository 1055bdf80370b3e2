import type { AgentFileKind } from '../../exchange/agentFiles/types.ts';

/** For people to choose from, in this order. */
export const agentFileLabels: Readonly<Record<AgentFileKind, { label: string; detail: string }>> = {
  skill: { label: 'Agent Skill', detail: '.claude/skills, which Claude Code, VS Code and others read' },
  copilot: { label: 'Copilot Prompt File', detail: '.github/prompts' },
  'claude-command': { label: 'Claude Code Command', detail: '.claude/commands' },
  cursor: { label: 'Cursor Command', detail: '.cursor/commands' },
};
