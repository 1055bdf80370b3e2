import type { JsonObject } from '../shared/json.ts';

/** Our names for what every vendor spells its own way. */
export const settingNames = [
  'temperature',
  'maxTokens',
  'topP',
  'topK',
  'stop',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
] as const;
export type SettingName = (typeof settingNames)[number];

/** A vendor's spelling per setting; null where the vendor has no such setting, which is then left out of the call. */
export type SettingTable = { readonly [Name in SettingName]: string | null };

/**
 * Settings as the vendor spells them. Unknown keys go through as they are; `model` and keys the call itself fills (`reserved`)
 * do not, nor does null, which means "the vendor's default".
 */
export function wireSettings(settings: JsonObject, table: SettingTable, reserved: readonly string[]): JsonObject {
  const wire: JsonObject = {};
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || name === 'model' || reserved.includes(name)) continue;
    const spelled = Object.hasOwn(table, name) ? table[name as SettingName] : name;
    if (spelled !== null) wire[spelled] = value;
  }
  return wire;
}

/** Vendors that take a list of stop texts get one, also for a single text. */
export function listOf(value: JsonObject[string] | undefined): JsonObject[string] | undefined {
  return typeof value === 'string' ? [value] : value;
}
