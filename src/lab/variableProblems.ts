import { VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Variable } from '../vault/types.ts';
import type { TestedVersion } from './schema.ts';
import type { Case } from './types.ts';

type Declaring = TestedVersion & { content: { variables: Variable[] } };

/**
 * Where versions and test data do not meet, as one VARIABLES error: a variable without a default that a case does not fill,
 * or a column that none of the versions declares. A column that some declare is given to those only.
 */
export function variableProblems(versions: readonly Declaring[], cases: readonly Case[]): VaultError[] {
  if (versions.length === 0 || cases.length === 0) return [];
  const gaps = versions.map((version) => ({
    ref: `${version.path}@${version.version}`,
    missing: missingIn(version, cases),
  }));
  const declared = new Set(versions.flatMap(({ content }) => content.variables.map(({ name }) => name)));
  const columns = new Set(cases.flatMap(({ variables }) => Object.keys(variables)));
  const unknown = [...columns].filter((name) => !declared.has(name));
  const withGaps = gaps.filter(({ missing }) => missing.length > 0);
  if (withGaps.length === 0 && unknown.length === 0) return [];

  const gap =
    cases.length === 1 && columns.size === 0 ? ': choose cases that give it' : ', which the cases do not give';
  const lines = withGaps.map(({ ref, missing }) => `${ref} needs ${missing.join(', ')}${gap}`);
  if (unknown.length > 0)
    lines.push(`No chosen version declares ${unknown.join(', ')}: take it out of the cases or declare it`);
  const missing = [...new Set(withGaps.flatMap((gap) => gap.missing))];
  return [new VaultError('VARIABLES', lines.join('\n'), { missing, unknown, versions: withGaps })];
}

function missingIn({ content }: Declaring, cases: readonly Case[]): string[] {
  const required = content.variables.filter((variable) => variable.default === undefined).map(({ name }) => name);
  return required.filter((name) => cases.some(({ variables }) => !Object.hasOwn(variables, name)));
}

/** The values of a case that a version declares: rendering refuses others. */
export function valuesFor(variables: readonly Variable[], values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => variables.some((one) => one.name === name)));
}
