import type { ModelInfo, Price } from '../../src/models/types.ts';
import type { MenuItem } from './menu.ts';

export function priceText(price: Price | null): string {
  return price ? `$${price.input} in · $${price.output} out per million tokens` : 'price unknown';
}

/** Models as choices, the ready ones first; the others say what they need. With `chosen`, tick boxes. */
export function modelItems(models: readonly ModelInfo[], chosen?: readonly string[]): MenuItem[] {
  const ordered = [...models.filter(({ ready }) => ready), ...models.filter(({ ready }) => !ready)];
  return ordered.map((model) => ({
    value: model.name,
    label: model.name,
    description: model.ready ? priceText(model.price) : `${model.needs ?? 'Not ready'} · Set key…`,
    icon: model.ready ? 'blank' : 'key',
    checked: chosen && model.ready ? chosen.includes(model.name) : undefined,
  }));
}
