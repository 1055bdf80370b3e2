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
  return compileContent(content)(values);
}

/** A text as it stands, or the name of the declared variable in its place. */
type Part = { text: string } | { name: string };

/** The same for many values: the texts are read once. */
export function compileContent({ messages, variables }: Content): (values: JsonObject) => RenderResult {
  const declared = new Set(variables.map(({ name }) => name));
  const warnings: RenderWarning[] = [];
  const used = new Set<string>();
  const compiled = messages.map(({ role, content }, message) => {
    const warned = new Set<string>();
    const warn = (kind: RenderWarning['kind'], text: string) => {
      if (!warned.has(text)) warnings.push({ kind, text, message });
      warned.add(text);
    };
    const parts: Part[] = [];
    for (const { kind, text, name } of tokensOf(content)) {
      if (kind === 'placeholder') used.add(name);
      if (kind === 'placeholder' && !declared.has(name)) warn('undeclared', text);
      if (kind === 'malformed') warn('malformed', text);
      if (kind === 'placeholder' && declared.has(name)) parts.push({ name });
      else parts.push({ text: kind === 'escape' ? '{{' : text });
    }
    return { role, parts };
  });
  for (const { name } of variables) {
    if (!used.has(name)) warnings.push({ kind: 'unused', text: name, message: -1 });
  }
  return (values) => {
    const texts = valueTexts({ variables, declared }, values);
    const rendered = compiled.map(({ role, parts }) => {
      let content = '';
      for (const part of parts) content += 'name' in part ? texts.get(part.name)! : part.text;
      return { role, content };
    });
    return { messages: rendered, warnings: [...warnings] };
  };
}

type Declared = { variables: readonly Variable[]; declared: ReadonlySet<string> };

function valueTexts({ variables, declared }: Declared, values: JsonObject): Map<string, string> {
  const texts = new Map<string, string>();
  const missing: string[] = [];
  for (const { name, default: preset } of variables) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) texts.set(name, asText(value));
    else if (preset !== undefined) texts.set(name, preset);
    else missing.push(name);
  }
  const unknown = Object.keys(values).filter((name) => values[name] !== undefined && !declared.has(name));
  if (missing.length === 0 && unknown.length === 0) return texts;
  const parts = [
    missing.length > 0 ? `give a value for ${missing.join(', ')}` : '',
    unknown.length > 0 ? `declare or leave out ${unknown.join(', ')}` : '',
  ];
  const message = `The values do not fit the prompt: ${parts.filter(Boolean).join('; ')}`;
  throw new VaultError('VARIABLES', message, { missing, unknown });
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
