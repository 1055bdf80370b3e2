import type { Json, JsonObject } from '../shared/json.ts';
import type { Variable } from '../vault/types.ts';

/** The parts of a prompt that front matter and data files spell the same way. */
export type PromptFields = {
  title?: string;
  description?: string;
  tags: string[];
  settings: JsonObject;
  variables?: Variable[];
  rationale?: string;
};

type Data = { [key: string]: unknown };
type FieldReader = (fields: PromptFields, value: unknown) => void;

/** A value that is not what its key promises; the caller adds the file. */
export class FieldProblem extends Error {}

const setting =
  (name: string): FieldReader =>
  (fields, value) => {
    fields.settings[name] = json(value, name);
  };

const readers: { readonly [key: string]: FieldReader } = {
  title: (fields, value) => {
    fields.title = text(value, 'title');
  },
  // Skills and other tools call the title so.
  name: (fields, value) => {
    fields.title ??= text(value, 'name');
  },
  description: (fields, value) => {
    fields.description = text(value, 'description');
  },
  rationale: (fields, value) => {
    fields.rationale = text(value, 'rationale');
  },
  tags: (fields, value) => {
    fields.tags = tagList(value);
  },
  variables: (fields, value) => {
    fields.variables = variableList(value);
  },
  settings: (fields, value) => {
    Object.assign(fields.settings, jsonObject(value, 'settings'));
  },
  model: setting('model'),
  temperature: setting('temperature'),
  maxTokens: setting('maxTokens'),
  max_tokens: setting('maxTokens'),
  topP: setting('topP'),
  top_p: setting('topP'),
  stop: setting('stop'),
};

/**
 * Reads what is known of `data`, and names the keys that are not: those are left out, since a key that became a setting
 * would be sent to the model's vendor. `known` are keys the caller reads itself. Null values are absent ones.
 */
export function readFields(data: Data, known: readonly string[]): { fields: PromptFields; unknown: string[] } {
  const fields: PromptFields = { tags: [], settings: {} };
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(data)) {
    if (Object.hasOwn(readers, key)) {
      if (value !== null && value !== undefined) readers[key]!(fields, value);
    } else if (!known.includes(key)) unknown.push(key);
  }
  return { fields, unknown };
}

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown, key: string): string {
  // YAML reads `title: 2024` as a number; the person meant the text.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new FieldProblem(`${key} must be text`);
  return value;
}

/** Tags as a list, or as one text with commas, semicolons or bars between them. */
export function tagList(value: unknown): string[] {
  const list = Array.isArray(value) ? value : text(value, 'tags').split(/[,;|]/);
  const tags = list.map((tag) => text(tag, 'tags').trim()).filter((tag) => tag !== '');
  return [...new Set(tags)];
}

function variableList(value: unknown): Variable[] {
  if (!Array.isArray(value)) throw new FieldProblem('variables must be a list of { name, default, description }');
  return value.map((entry) => {
    const data = typeof entry === 'string' ? { name: entry } : entry;
    if (!isData(data) || typeof data.name !== 'string') throw new FieldProblem('every variable needs a name');
    const variable: Variable = { name: data.name };
    if (data.default !== undefined && data.default !== null) variable.default = text(data.default, 'default');
    if (data.description !== undefined && data.description !== null) {
      variable.description = text(data.description, 'description');
    }
    return variable;
  });
}

function jsonObject(value: unknown, key: string): JsonObject {
  if (!isData(value)) throw new FieldProblem(`${key} must be an object`);
  return json(value, key) as JsonObject;
}

/** A copy that is JSON and nothing else; a `__proto__` key would reach an object's prototype when copied again. */
function json(value: unknown, key: string, depth = 0): Json {
  if (depth > 32) throw new FieldProblem(`${key} is nested too deeply`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  // JSON has no -0.
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value;
  if (Array.isArray(value)) return value.map((item) => json(item, key, depth + 1));
  if (!isData(value)) throw new FieldProblem(`${key} must be JSON`);
  const copy: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === '__proto__') throw new FieldProblem(`${key} may not have a key __proto__`);
    copy[name] = json(item, key, depth + 1);
  }
  return copy;
}
