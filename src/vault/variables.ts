import { VaultError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import type { Content, Message, RenderResult, RenderWarning, Variable } from './types.ts';

/** What a placeholder's name may be. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * In this order: the escape, a placeholder, something else in double braces, double braces that never close. Of `{{{` the
 * last two count, so that `{"a":{{x}}}` renders as JSON. Runs in linear time: no alternative can begin inside another.
 */
const tokens =
  /(?<escape>\\\{\{)|\{\{[ \t]*(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}|(?<other>\{\{(?!\{)(?:(?!\{\{|\}\})[\s\S])*\}\})|(?<open>\{\{(?!\{)[^{}\\\n]{0,20})/g;

export type Token = { kind: 'text' | 'escape' | 'placeholder' | 'malformed'; text: string; name: string };

/** The one reading of a text: renderer, extractor and warnings all use it. The texts joined are the input. */
export function* tokensOf(text: string): Generator<Token> {
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    if (match.index > end) yield { kind: 'text', text: text.slice(end, match.index), name: '' };
    const { escape: escaped, name } = match.groups!;
    const kind = escaped ? 'escape' : name ? 'placeholder' : 'malformed';
    yield { kind, text: match[0], name: name ?? '' };
    end = match.index + match[0].length;
  }
  if (end < text.length) yield { kind: 'text', text: text.slice(end), name: '' };
}

/** Names of all simple placeholders, each once, in order of first appearance. */
export function extractVariables(messages: readonly Message[]): string[] {
  const names = new Set<string>();
  for (const { content } of messages) {
    for (const token of tokensOf(content)) if (token.kind === 'placeholder') names.add(token.name);
  }
  return [...names];
}

/** `declared` and, behind them, what `messages` uses and `before` did not: new placeholders declare themselves. */
export function declareNew(declared: readonly Variable[], messages: readonly Message[], before: readonly Message[]) {
  const known = new Set([...declared.map(({ name }) => name), ...extractVariables(before)]);
  const added = extractVariables(messages).filter((name) => !known.has(name));
  return [...declared, ...added.map((name): Variable => ({ name }))];
}

/**
 * Renders every message in one pass: values are never read again. Only declared variables are replaced, anything else in
 * braces stays as typed and is warned about; `\{{` writes `{{`. Throws VARIABLES with all missing and unknown names.
 */
export function renderContent(content: Content, values: JsonObject): RenderResult {
  const texts = valueTexts(content.variables, values);
  const warnings: RenderWarning[] = [];
  const used = new Set<string>();
  const messages = content.messages.map(({ role, content: body }, message) => {
    const warned = new Set<string>();
    const warn = (kind: RenderWarning['kind'], text: string) => {
      if (!warned.has(text)) warnings.push({ kind, text, message });
      warned.add(text);
    };
    let rendered = '';
    for (const { kind, text, name } of tokensOf(body)) {
      const value = kind === 'placeholder' ? texts.get(name) : undefined;
      if (kind === 'placeholder') used.add(name);
      if (kind === 'placeholder' && value === undefined) warn('undeclared', text);
      if (kind === 'malformed') warn('malformed', text);
      rendered += kind === 'escape' ? '{{' : (value ?? text);
    }
    return { role, content: rendered };
  });
  for (const { name } of content.variables) {
    if (!used.has(name)) warnings.push({ kind: 'unused', text: name, message: -1 });
  }
  return { messages, warnings };
}

function valueTexts(variables: readonly Variable[], values: JsonObject): Map<string, string> {
  const given = new Map(Object.entries(values).filter(([, value]) => value !== undefined));
  const declared = new Set(variables.map(({ name }) => name));
  const unknown = [...given.keys()].filter((name) => !declared.has(name));
  const missing = variables.filter((v) => v.default === undefined && !given.has(v.name)).map(({ name }) => name);
  if (missing.length > 0 || unknown.length > 0) {
    const parts = [
      missing.length > 0 ? `give a value for ${missing.join(', ')}` : '',
      unknown.length > 0 ? `declare or leave out ${unknown.join(', ')}` : '',
    ];
    throw new VaultError('VARIABLES', `The values do not fit the prompt: ${parts.filter(Boolean).join('; ')}`, {
      missing,
      unknown,
    });
  }
  return new Map(variables.map((v) => [v.name, given.has(v.name) ? asText(given.get(v.name)) : v.default!]));
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
