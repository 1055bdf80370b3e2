import type { Json } from '../shared/json.ts';
import type { DiffResult, Variable } from '../vault/types.ts';

export type Changes = Pick<DiffResult, 'messages' | 'settings' | 'variables'>;
type MessageChange = Changes['messages'][number];

/**
 * What differs in a line each, settings first since a text diff shows them last: `temperature 0.2 → 0.4`,
 * `message 1 (user): 5 words added, 2 removed`. Empty when nothing differs. Holds text of the vault.
 */
export function changeSummary({ messages, settings, variables }: Changes, unit: 'words' | 'lines'): string[] {
  return [
    ...settings.map(({ key, from, to }) => `${key} ${valueChange(from, to)}`),
    ...variables.map(variableChange),
    ...messages.map((message) => messageChange(message, unit)),
  ];
}

const maxLength = 60;

function shown(value: Json): string {
  const text = typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value);
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

function valueChange(from: Json | null, to: Json | null): string {
  if (from === null) return `set to ${shown(to)}`;
  return to === null ? `removed (was ${shown(from)})` : `${shown(from)} → ${shown(to)}`;
}

function variableChange({ name, from, to }: Changes['variables'][number]): string {
  const presetOf = (variable: Variable) => variable.default ?? null;
  if (!from || !to) {
    const preset = to && presetOf(to) !== null ? ` with default ${shown(presetOf(to)!)}` : '';
    return `variable ${name} ${to ? 'added' : 'removed'}${preset}`;
  }
  const parts = [
    presetOf(from) !== presetOf(to) && `default ${valueChange(presetOf(from), presetOf(to))}`,
    (from.description ?? '') !== (to.description ?? '') && 'description changed',
  ];
  return `variable ${name}: ${parts.filter(Boolean).join(', ')}`;
}

function messageChange({ index, role, change, by, parts }: MessageChange, asked: 'words' | 'lines'): string {
  const unit = by === 'words' ? asked : 'lines';
  const name = `message ${index + 1} (${role})`;
  if (change !== 'changed') return `${name} ${change}`;
  const count = (op: 'add' | 'remove') =>
    parts.filter((part) => part.op === op).reduce((sum, { text }) => sum + countOf(text, unit), 0);
  const [added, removed] = [count('add'), count('remove')];
  const one = unit.slice(0, -1);
  const counted = [
    added > 0 && `${added} ${added === 1 ? one : unit} added`,
    removed > 0 && `${removed}${added > 0 ? '' : ` ${removed === 1 ? one : unit}`} removed`,
  ].filter(Boolean);
  if (counted.length > 0) return `${name}: ${counted.join(', ')}`;
  const differs = parts.some(({ op }) => op !== 'same');
  return `${name}: ${differs ? 'white space changed' : 'another role'}`;
}

function countOf(text: string, unit: 'words' | 'lines'): number {
  if (unit === 'words') return text.match(/\S+/g)?.length ?? 0;
  return text.replace(/\r?\n$/, '').split('\n').length;
}
