import { VaultError } from '../shared/errors.ts';

/** Failures in a row, each after its retries, before a model counts as out of order. */
const giveUpAfter = 5;
const wrongForAll = [401, 403, 404];

/** Notices a model that answers nobody, so that a thousand cases do not each wait for it in vain. */
export type Outages = {
  /** The error a cell ends with instead of calling; undefined while the model may be called. */
  of(model: string): VaultError | undefined;
  succeeded(model: string): void;
  failed(model: string, error: VaultError): void;
};

export function createOutages(): Outages {
  const inRow = new Map<string, number>();
  const given = new Map<string, VaultError>();
  return {
    of: (model) => given.get(model),
    succeeded(model) {
      inRow.delete(model);
      given.delete(model);
    },
    failed(model, error) {
      // What is wrong with one prompt says nothing about the next.
      if (!isOutage(error)) return;
      const count = (inRow.get(model) ?? 0) + 1;
      inRow.set(model, count);
      if (count < giveUpAfter || given.has(model)) return;
      const message = `Not called: ${model} failed ${count} times in a row. The last time: ${error.message} Retry the errors when it is back.`;
      given.set(model, new VaultError(error.code, message, { ...error.details, notCalled: true }));
    },
  };
}

function isOutage({ code, details }: VaultError): boolean {
  if (code === 'TIMEOUT' || code === 'KEY_MISSING') return true;
  return code === 'PROVIDER' && (details.retryable === true || wrongForAll.includes(Number(details.status)));
}
