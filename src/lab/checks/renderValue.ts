import type { Json, JsonObject } from '../../shared/json.ts';
import { tokensOf } from '../../vault/variables.ts';

/**
 * A check's value with the case's values in the places of `{{name}}`, in one pass; `\{{` writes `{{`. Names the case does
 * not have are handed to `onUnknown` and stay as typed.
 */
export function renderValue(value: Json, variables: JsonObject, onUnknown: (name: string) => void): Json {
  if (typeof value === 'string') return renderText(value, variables, onUnknown);
  if (Array.isArray(value)) return value.map((one) => renderValue(one, variables, onUnknown));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renderValue(one, variables, onUnknown)]));
}

function renderText(text: string, variables: JsonObject, onUnknown: (name: string) => void): string {
  if (!text.includes('{{')) return text;
  let rendered = '';
  for (const { kind, text: token, name } of tokensOf(text)) {
    const known = kind === 'placeholder' && Object.hasOwn(variables, name);
    if (kind === 'placeholder' && !known) onUnknown(name);
    const value = known ? variables[name] : undefined;
    if (kind === 'escape') rendered += '{{';
    else if (known) rendered += typeof value === 'string' ? value : JSON.stringify(value);
    else rendered += token;
  }
  return rendered;
}
