import { VaultError } from '../shared/errors.ts';
import { type ModelName, type Vendor, vendors } from './types.ts';

export type ParsedModel = { vendor: Vendor; model: string };

/** Splits `vendor:model` at its first colon, since a model's own id may hold more. Fails with INVALID_INPUT. */
export function parseModelName(name: ModelName): ParsedModel {
  const colon = name.indexOf(':');
  const vendor = vendors.find((one) => one === name.slice(0, colon).trim());
  const model = name.slice(colon + 1).trim();
  if (colon > 0 && vendor && model) return { vendor, model };
  throw new VaultError(
    'INVALID_INPUT',
    `"${name}" is not a model. Write vendor:model, for example openai:gpt-5-mini or echo:echo. Vendors: ${vendors.join(', ')}.`,
    { field: 'model', value: name, vendors: [...vendors] },
  );
}

export function formatModelName(vendor: Vendor, model: string): ModelName {
  return `${vendor}:${model}`;
}
