import type { JsonObject } from '../shared/json.ts';

export const vendors = ['openai', 'anthropic', 'google', 'compatible', 'vscode', 'echo'] as const;
export type Vendor = (typeof vendors)[number];

/** `vendor:model`, as people write it. */
export type ModelName = string;

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };
/** One completion: `model` is the vendor's own id, `settings` our names (`temperature`, `maxTokens`, `topP`, `stop`, …) plus vendor extras. */
export type ModelRequest = { model: string; messages: ChatMessage[]; settings: JsonObject };

/** `input` counts every input token, cached ones included; `cached` is the part of them read from the vendor's cache. */
export type Usage = { input: number; output: number; cached: number };
/** A vendor's own words are mapped to these; `other` keeps none of them. */
export type FinishReason = 'stop' | 'length' | 'filter' | 'tool' | 'other';
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: FinishReason }
  /** The retry layer waits before another attempt; text so far is void. */
  | { type: 'retry'; attempt: number; waitMs: number; reason: string; status?: number };

/** Where a vendor is and the key for it. Base URLs are origins with an optional path; `/v1` and the like are added by us. */
export type Connection = { apiKey?: string; baseUrl?: string };

/** Texts whose vectors are wanted; `model` is the vendor's own id. */
export type EmbedRequest = { model: string; texts: readonly string[] };
/** A vector per text, in their order; `inputTokens` is null where the vendor does not tell. */
export type Embeddings = { vectors: number[][]; inputTokens: number | null };

/** One vendor: streams a completion. No retries, no idle timeout: `streamWithRetry` adds them for all. An empty text means "alive". */
export type Provider = {
  stream(request: ModelRequest, connection: Connection, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /** What `stream` sends: two equal bodies to one address are the same question. Absent where the request is sent as it is. */
  body?(request: ModelRequest): JsonObject;
  /** Absent where the vendor has no embeddings. No retries: `embedWithRetry` adds them. */
  embed?(request: EmbedRequest, connection: Connection, signal: AbortSignal): Promise<Embeddings>;
  /** Ids the vendor offers to this key; the cheapest real call there is. Absent where there is nobody to ask. */
  listModels?(connection: Connection, signal: AbortSignal): Promise<string[]>;
};

/** USD per million tokens; null where unknown. Some vendors take more for a whole call once its input is `long.above` tokens. */
export type Price = {
  input: number;
  output: number;
  cached: number | null;
  long?: { above: number; input: number; output: number; cached: number | null };
  source: 'builtin' | 'user';
};
export type PriceOverrides = { [model: ModelName]: { input: number; output: number; cached?: number } };

/** What a person may choose from. `ready` is false when a key or address is missing, and `needs` says which. */
export type ModelInfo = {
  name: ModelName;
  vendor: Vendor;
  ready: boolean;
  needs: string | null;
  price: Price | null;
};
/** The answer of a connection test: milliseconds to the first byte, or what to do. */
export type ConnectionTest = { ok: boolean; latencyMs: number | null; message: string };
