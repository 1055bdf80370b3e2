import type { Json } from '../shared/json.ts';
import type { Content, Variable } from '../vault/types.ts';
import { printMessages } from './draftText.ts';

const asText = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));

function variableLine({ name, default: preset, description }: Variable): string {
  const value = preset === undefined ? '' : ` = ${JSON.stringify(preset)}`;
  return `- {{${name}}}${value}${description ? `: ${description}` : ''}`;
}

/**
 * A version as text to read and compare: a heading per message, then settings and variables. Number and stage are left
 * out, so that a diff shows what differs in the content and nothing else.
 */
export function versionText({ messages, settings, variables }: Content): string {
  const names = Object.keys(settings).sort();
  return [
    printMessages(messages),
    ['# SETTINGS', '', ...names.map((name) => `- ${name}: ${asText(settings[name] ?? null)}`), ''].join('\n'),
    ['# VARIABLES', '', ...variables.map(variableLine), ''].join('\n'),
  ].join('\n');
}
