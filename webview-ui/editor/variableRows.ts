import type { JsonObject } from '../../src/shared/json.ts';
import type { Variable } from '../../src/vault/types.ts';
import { placeholderNames } from '../shared/placeholders.ts';

/**
 * One line of the variables table. `new`: typed since the last save, which will declare it. `undeclared`: it stands in a
 * message and nobody declared it. `unused`: declared, and no message says it.
 */
export type VariableRow = {
  name: string;
  state: 'used' | 'unused' | 'new' | 'undeclared';
  variable: Variable;
  /** No value in the chosen sample, no default: the prompt cannot be rendered. */
  missing: boolean;
};
type Texts = readonly { content: string }[];
type Source = { messages: Texts; stored: Texts; variables: readonly Variable[]; values: JsonObject };

export function variableRows({ messages, stored, variables, values }: Source): VariableRow[] {
  const used = placeholderNames(messages.map(({ content }) => content));
  const all = withNewDeclarations({ messages, stored, variables });
  const declared = new Set(all.map(({ name }) => name));
  const row = (variable: Variable, state: VariableRow['state']): VariableRow => {
    const empty = cellText(values[variable.name]) === '';
    const missing = state !== 'undeclared' && empty && variable.default === undefined;
    return { name: variable.name, state, variable, missing };
  };
  return [
    ...variables.map((variable) => row(variable, used.includes(variable.name) ? 'used' : 'unused')),
    ...all.slice(variables.length).map((variable) => row(variable, 'new')),
    ...used.filter((name) => !declared.has(name)).map((name) => row({ name }, 'undeclared')),
  ];
}

/** A sample's values for the declared variables; an empty field falls back to the default. */
export function givenValues(variables: readonly Variable[], values: JsonObject): JsonObject {
  const given: JsonObject = {};
  for (const { name } of variables) {
    const value = values[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

/** Stands each missing variable in for itself, so that a preview can be shown before all values are typed. */
export function withStandIns(values: JsonObject, missing: readonly string[]): JsonObject {
  return { ...values, ...Object.fromEntries(missing.map((name) => [name, `{{${name}}}`])) };
}

/** The declarations a save would add: placeholders that came with this edit. What was left undeclared before stays so. */
export function withNewDeclarations(p: { messages: Texts; stored: Texts; variables: readonly Variable[] }): Variable[] {
  const before = new Set(placeholderNames(p.stored.map(({ content }) => content)));
  const declared = new Set(p.variables.map(({ name }) => name));
  const fresh = placeholderNames(p.messages.map(({ content }) => content)).filter(
    (name) => !before.has(name) && !declared.has(name),
  );
  return [...p.variables, ...fresh.map((name) => ({ name }))];
}

/** A value as a person sees and types it. */
export function cellText(value: JsonObject[string] | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
