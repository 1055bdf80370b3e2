import type { TieredPrices } from '@pydantic/genai-prices';
import { parseModelName } from './modelNames.ts';
import type { ModelName, Price, PriceOverrides, Usage, Vendor } from './types.ts';

/** Whose price list holds a vendor's models. A server of one's own and the editor's models have no list. */
const priceLists: { readonly [V in Vendor]?: string } = { openai: 'openai', anthropic: 'anthropic', google: 'google' };
const free: Price = { input: 0, output: 0, cached: 0, source: 'builtin' };

/** What a model costs: the user's own figure, else the list that ships with the product. Null where nobody knows; never a guess. */
export async function priceOf(name: ModelName, overrides: PriceOverrides = {}): Promise<Price | null> {
  const { vendor, model } = parseModelName(name);
  const own = overrides[`${vendor}:${model}`];
  if (own) return { input: own.input, output: own.output, cached: own.cached ?? null, source: 'user' };
  if (vendor === 'echo') return free;
  const providerId = priceLists[vendor];
  return providerId ? listed(providerId, model) : null;
}

async function listed(providerId: string, model: string): Promise<Price | null> {
  // The list is large; whoever asks for no price does not load it.
  const { calcPrice } = await import('@pydantic/genai-prices');
  const prices = calcPrice({ input_tokens: 1, output_tokens: 1 }, model, { providerId })?.model_price;
  // Embeddings have no output, so the list has no price for it.
  const noOutput = /embed/.test(model) ? 0 : undefined;
  const [input, output, cached] = [prices?.input_mtok, prices?.output_mtok ?? noOutput, prices?.cache_read_mtok];
  if (input === undefined || output === undefined) return null;
  const long = longPrompts(input, output, cached);
  return {
    input: base(input),
    output: base(output),
    cached: cached === undefined ? null : base(cached),
    ...(long ? { long } : {}),
    source: 'builtin',
  };
}

type Listed = number | TieredPrices;
const base = (price: Listed) => (typeof price === 'number' ? price : price.base);

/** The dearer price of long prompts. The list knows at most one step for the models on offer; more steps would make it unknown. */
function longPrompts(input: Listed, output: Listed, cached: Listed | undefined): Price['long'] {
  const tiers = [input, output, cached].flatMap((price) => (typeof price === 'object' ? price.tiers : []));
  const above = tiers[0]?.start;
  if (above === undefined) return undefined;
  const at = (price: Listed) => (typeof price === 'number' ? price : (price.tiers[0]?.price ?? price.base));
  return { above, input: at(input), output: at(output), cached: cached === undefined ? null : at(cached) };
}

/** USD of one call; null when the price or the usage is unknown. Cached tokens without a price of their own cost full. */
export function costOf(usage: Usage | null, price: Price | null): number | null {
  if (!usage || !price) return null;
  const { input, output, cached } = price.long && usage.input > price.long.above ? price.long : price;
  const fresh = Math.max(0, usage.input - usage.cached);
  return (fresh * input + usage.cached * (cached ?? input) + usage.output * output) / 1e6;
}
