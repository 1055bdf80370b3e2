import type { Message, Served, Variable } from '../../vault/types.ts';
import { renderContent } from '../../vault/variables.ts';

/** A released prompt as one text; `placeholder` says how the format spells a variable. */
export function agentText(served: Served, placeholder: (variable: Variable) => string): string {
  const { messages, settings, variables } = served;
  const values = Object.fromEntries(variables.map((variable) => [variable.name, placeholder(variable)]));
  return joined(renderContent({ messages, settings, variables }, values).messages);
}

/** Instructions and task follow each other; only a conversation needs to say who speaks. */
function joined(messages: readonly Message[]): string {
  const talks = messages.some(({ role }) => role === 'assistant');
  return messages.map(({ role, content }) => (talks ? `**${speakers[role]}:**\n\n${content}` : content)).join('\n\n');
}
const speakers: Record<Message['role'], string> = { system: 'System', user: 'User', assistant: 'Assistant' };

/** One line of text for a list or a header: no line breaks, no angle brackets, at most `most` characters. */
export function oneLine(text: string, most: number): string {
  const line = text
    .replace(/[<>]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}

/** The list of values that somebody has to fill in; empty when there are none. */
export function valueList(variables: readonly Variable[]): string {
  return variables
    .map(({ name, default: fallback, description = '' }) => {
      const known = fallback === undefined ? '' : `otherwise ${oneLine(fallback, 200) || 'nothing'}`;
      const about = [oneLine(description, 300), known].filter(Boolean).join('; ');
      return `- {{${name}}}${about === '' ? '' : `: ${about}`}`;
    })
    .join('\n');
}
