import type { ModelChoice } from '../../src/lab/dataTypes.ts';
import type { JsonObject } from '../../src/shared/json.ts';

export const modelOf = (choice: ModelChoice) => (typeof choice === 'string' ? choice : choice.model);
export const settingsOf = (choice: ModelChoice): JsonObject => (typeof choice === 'string' ? {} : choice.settings);
export const columnName = (choice: ModelChoice) =>
  typeof choice === 'string' ? choice : (choice.label ?? choice.model);

/** A choice with other settings. Without any, under its own name, it is the model alone. */
export function withSettings(
  choice: ModelChoice,
  { settings, label }: { settings: JsonObject; label: string },
): ModelChoice {
  const model = modelOf(choice);
  const named = label !== '' && label !== model;
  if (!named && Object.keys(settings).length === 0) return model;
  return { model, settings, ...(named && { label }) };
}

/** What tells this column from those there are: its settings in short, with a number where that is taken. */
export function freeLabel(choice: ModelChoice, settings: JsonObject, taken: readonly string[]): string {
  const words = Object.entries(settings).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const wanted = [modelOf(choice), words.slice(0, 2).join(', ')].filter(Boolean).join(' ');
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.includes(`${wanted} (${number})`)) return `${wanted} (${number})`;
}
