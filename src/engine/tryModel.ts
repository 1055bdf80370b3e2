import type { LabModels } from '../lab/labModels.ts';
import { collect } from '../models/complete.ts';
import { parseModelName } from '../models/modelNames.ts';
import { costOf, priceOf } from '../models/prices.ts';
import type { ModelEvent, ModelRequest, PriceOverrides } from '../models/types.ts';
import type { TryResult } from './engine.ts';

type Try = { model: string; request: Omit<ModelRequest, 'model'>; prices: PriceOverrides };

/** One rendered prompt to one model. `onEvent` sees each event as it comes. */
export async function tryModel(
  models: LabModels,
  { model, request, prices }: Try,
  { onEvent, signal }: { onEvent(event: ModelEvent): void; signal: AbortSignal },
): Promise<TryResult> {
  const { text, latencyMs, firstTokenMs, usage, finishReason } = await collect(
    await models.stream(model, request, signal),
    onEvent,
  );
  return {
    text,
    latencyMs,
    firstTokenMs,
    inputTokens: usage?.input ?? null,
    outputTokens: usage?.output ?? null,
    costUsd: costOf(usage, await priceOf(model, prices)),
    finishReason,
  };
}

/** Tokens of a text and what sending them costs; the cost is null where no price is known. */
export async function countTokens(
  models: LabModels,
  { text, model, prices }: { text: string; model: string; prices: PriceOverrides },
): Promise<{ tokens: number; costUsd: number | null }> {
  parseModelName(model);
  const tokens = await models.countTokens(text);
  return { tokens, costUsd: costOf({ input: tokens, output: 0, cached: 0 }, await priceOf(model, prices)) };
}
