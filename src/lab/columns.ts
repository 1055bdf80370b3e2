import type { ModelName } from '../models/types.ts';
import { VaultError } from '../shared/errors.ts';
import type { JsonObject } from '../shared/json.ts';
import { canonicalJson } from '../vault/canonical.ts';
import type { ModelChoice } from './dataTypes.ts';

/**
 * A choice of model and settings. `name` is what a person sees and may be any label; `key` says what was asked, so that
 * stored cells of the same model and settings are found again whatever the column was called.
 */
export type Column = { name: string; model: ModelName; settings: JsonObject; key: string };

/** Columns of a run, the same choice once. INVALID_INPUT when two different ones would have one name. */
export function columnsOf(choices: readonly ModelChoice[]): Column[] {
  const columns = new Map<string, Column>();
  for (const choice of choices) {
    const column = columnOf(choice);
    columns.set(`${column.key} ${column.name}`, column);
  }
  const list = [...columns.values()];
  // Without labels the settings tell two columns of one model apart.
  const shared = (name: string) => list.filter((column) => column.name === name).length > 1;
  const named = list.map((column) => (shared(column.name) ? { ...column, name: ownName(column) } : column));
  const names = named.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return named;
  throw new VaultError('INVALID_INPUT', `Two columns are named ${twice}. Give them different labels`, {
    field: 'models',
  });
}

const ownName = ({ name, model, key }: Column) => (name === model ? key : name);

function columnOf(choice: ModelChoice): Column {
  const { model, settings, label = undefined } = typeof choice === 'string' ? { model: choice, settings: {} } : choice;
  const { model: _, ...own } = settings;
  return { name: label ?? model, model, settings: own, key: modelKey(model, own) };
}

export function modelKey(model: ModelName, settings: JsonObject): string {
  return Object.keys(settings).length === 0 ? model : `${model} ${canonicalJson(settings)}`;
}
