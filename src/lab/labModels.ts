import type { RetryOptions } from '../models/complete.ts';
import type { Embeddings, ModelEvent, ModelName, ModelRequest, Price } from '../models/types.ts';
import type { JsonObject } from '../shared/json.ts';

/** What is sent to a model of that name. */
export type LabRequest = Omit<ModelRequest, 'model'>;
/** Where a model is reached, what it costs, and what exactly it is sent: address and body are a stored answer's identity. */
export type ReachedModel = { endpoint: string; price: Price | null; body(request: LabRequest): JsonObject };

/** What the lab needs of the models. The engine makes it from the models room and the keys of whoever opened it. */
export type LabModels = {
  /** Gets ready for calls. KEY_MISSING or INVALID_INPUT when the model cannot be called; calls nobody. */
  reach(model: ModelName): Promise<ReachedModel>;
  /**
   * One completion with retries, idle timeout and end marker seen to. Settles when key, address and code are there; only
   * what is iterated is the call, so that nothing else counts as its latency. Throws PROVIDER, TRUNCATED, TIMEOUT, CANCELLED.
   */
  stream(
    model: ModelName,
    /** `wait` decides when to ask again after a failure that may pass; 60 s of silence are too long unless told. */
    request: LabRequest & Pick<RetryOptions, 'wait' | 'idleTimeoutMs'>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ModelEvent>>;
  /** Gets ready for embeddings. KEY_MISSING, or INVALID_INPUT where the vendor has none; calls nobody. */
  reachEmbeddings(model: ModelName): Promise<{ price: Price | null }>;
  /** A vector per text, with retries. Throws PROVIDER, TIMEOUT, CANCELLED. */
  embed(model: ModelName, texts: readonly string[], signal: AbortSignal): Promise<Embeddings>;
  /** Tokens of a text, near what the models count. */
  countTokens(text: string): Promise<number>;
};
