import type { PromptList, PromptSummary } from '../../src/vault/types.ts';
import { type Api, sayFailure } from './api.ts';
import type { Filters } from './route.ts';

export type ListView = {
  phase: 'loading' | 'ready' | 'failed';
  prompts: PromptSummary[];
  total: number;
  /** There may be more than `total` says. */
  capped: boolean;
  next: PromptList['next'];
  loadingMore: boolean;
  failure: string | null;
};
type Needs = { api: Api; onChange(view: ListView): void; onFailure(error: unknown): void };

const page = 50;
/** A change reads again as many rows as are shown, up to this. */
const mostRefreshed = 1000;
const nothing: ListView = {
  ...{ phase: 'loading', prompts: [], total: 0, capped: false, next: null, loadingMore: false, failure: null },
};

/** The prompts that fit the filters, page by page: a vault may hold a hundred thousand. */
export function createPromptList({ api, onChange, onFailure }: Needs) {
  let view = nothing;
  let filters: Filters | undefined;
  let reading = new AbortController();

  function update(changes: Partial<ListView>): void {
    view = { ...view, ...changes };
    onChange(view);
  }

  const read = (next: PromptList['next'], signal: AbortSignal) =>
    api.get<PromptList>('prompts', { ...filters, limit: page, ...next }, signal);

  /** One thing is read at a time: what is asked later counts. */
  async function begin(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted) return;
      update({ phase: view.prompts.length > 0 ? 'ready' : 'failed', loadingMore: false, failure: sayFailure(error) });
      onFailure(error);
    }
  }

  /** `rows` at least, where there are so many. */
  const readFrom = (rows: number) =>
    begin(async (signal) => {
      let found = await read(null, signal);
      const prompts = [...found.prompts];
      while (found.next && prompts.length < rows) {
        found = await read(found.next, signal);
        prompts.push(...found.prompts);
      }
      const { total, capped = false, next } = found;
      update({ phase: 'ready', prompts, total, capped, next, loadingMore: false, failure: null });
    });

  return {
    async show(wanted: Filters): Promise<void> {
      if (JSON.stringify(filters) === JSON.stringify(wanted)) return;
      filters = wanted;
      // What was found before stays in sight until the answer is here.
      update({ phase: view.phase === 'failed' ? 'loading' : view.phase, loadingMore: false });
      await readFrom(page);
    },
    refresh: () => readFrom(Math.min(view.prompts.length, mostRefreshed)),
    async more(): Promise<void> {
      const { next, loadingMore } = view;
      if (!next || loadingMore) return;
      update({ loadingMore: true });
      await begin(async (signal) => {
        const found = await read(next, signal);
        const prompts = [...view.prompts, ...found.prompts];
        update({ prompts, total: found.total, next: found.next, loadingMore: false, failure: null });
      });
    },
    close: () => reading.abort(),
  };
}
