import { setTimeout as sleep } from 'node:timers/promises';
import { toVaultError, VaultError } from '../shared/errors.ts';
import { type RetryOptions, waitBefore } from './complete.ts';
import type { Connection, Embeddings, EmbedRequest, Provider, Vendor } from './types.ts';
import { vendorInfo } from './vendors.ts';

const timeoutMs = 60_000;

/**
 * The vectors of texts, one per text in their order, asked for again after failures that may pass. INVALID_INPUT where the
 * vendor has no embeddings; PROVIDER, TIMEOUT or CANCELLED.
 */
export async function embedWithRetry(
  provider: Required<Pick<Provider, 'embed'>>,
  request: EmbedRequest,
  connection: Connection,
  options: Pick<RetryOptions, 'signal' | 'maxAttempts' | 'maxWaitMs' | 'backoffMs'> = {},
): Promise<Embeddings> {
  const { signal, maxAttempts = 5 } = options;
  for (let attempt = 1; ; attempt++) {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const found = await provider.embed(request, connection, signal ? AbortSignal.any([signal, limit]) : limit);
      requireWhole(found, request);
      return found;
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      if (limit.aborted)
        throw new VaultError('TIMEOUT', `Nothing came from ${request.model} for ${timeoutMs / 1000} s`, {
          limitMs: timeoutMs,
        });
      const failed = toVaultError(error);
      if (attempt >= maxAttempts || failed.details.retryable !== true) throw failed;
      await sleep(waitBefore(attempt, failed, options), undefined, { signal }).catch(() => {
        throw cancelled();
      });
    }
  }
}

const cancelled = () => new VaultError('CANCELLED', 'Cancelled');

/** A vector too few, or of another length, would be compared with the wrong one. */
function requireWhole({ vectors }: Embeddings, { model, texts }: EmbedRequest): void {
  const lengths = new Set(vectors.map((vector) => vector.length));
  if (vectors.length === texts.length && lengths.size === 1 && !lengths.has(0)) return;
  throw new VaultError('PROVIDER', `${model} did not answer with one vector for each text`, { retryable: false });
}

/** The provider's embeddings, or INVALID_INPUT: likeness is never made up where nobody can measure it. */
export function requireEmbed(provider: Provider, vendor: Vendor): Required<Pick<Provider, 'embed'>> {
  const { embed } = provider;
  if (embed) return { embed };
  const { label } = vendorInfo[vendor];
  throw new VaultError(
    'INVALID_INPUT',
    `${label} has no embeddings. Choose one as openai:text-embedding-3-small, google:gemini-embedding-001 or compatible:nomic-embed-text.`,
    { field: 'embeddings', vendor },
  );
}
