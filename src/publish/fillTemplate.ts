import type { Json } from '../shared/json.ts';
import type { Served } from '../vault/types.ts';
import { spell } from './endpoint.ts';

/** What the names in braces stand for. */
export type Values = { readonly [name: string]: string };

const placeholder = /\{([A-Za-z]+)(?::(base64|component))?\}/g;

/** Puts values in for `{name}`, `{name:base64}` and `{name:component}`; other braces stay as they are. */
export function fill(template: string, values: Values, plain: (value: string) => string = (value) => value): string {
  return template.replace(placeholder, (whole, name: string, how?: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    if (how === 'base64') return Buffer.from(value).toString('base64');
    return how === 'component' ? encodeURIComponent(value) : plain(value);
  });
}

export const fillUrl = (template: string, values: Values): string => fill(template, values, spell);

/** The texts of a JSON template filled in, whatever letters the values have. */
export function fillJson(template: Json, values: Values): Json {
  if (typeof template === 'string') return fill(template, values);
  if (Array.isArray(template)) return template.map((one) => fillJson(one, values));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, one]) => [key, fillJson(one, values)]));
}

/** The messages as a text: one alone as it is, several below their roles. */
export function servedText({ messages }: Pick<Served, 'messages'>): string {
  const [only, ...more] = messages;
  if (only && more.length === 0) return only.content;
  return messages.map(({ role, content }) => `--- ${role}\n${content}`).join('\n');
}

/** What stands at `kvs.0.value` of a JSON; `*` is each of a list. Empty where there is nothing. */
export function valuesAt(json: Json, at: string): Json[] {
  let found: Json[] = [json];
  for (const step of at.split('.')) {
    found = found.flatMap((one) => {
      if (one === null || typeof one !== 'object') return [];
      if (step === '*') return Array.isArray(one) ? one : [];
      const next = Object.hasOwn(one, step) ? (one as { [key: string]: Json })[step] : undefined;
      return next === undefined ? [] : [next];
    });
  }
  return found;
}
