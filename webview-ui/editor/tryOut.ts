import type { TryResult } from '../../src/engine/engine.ts';
import type { EditorContract } from '../../src/engine/panels.ts';
import { type Failure, failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import type { PreviewInput } from './preview.ts';

export type TryView = {
  running: boolean;
  model: string;
  text: string;
  /** Said while the call waits for another attempt. */
  waiting: string | null;
  result: TryResult | null;
  failure: Failure | null;
};

/** One call to a model with what is typed, streamed into `text`. */
export function createTryOut(client: PanelClient<EditorContract>, onChange: (view: TryView) => void) {
  let streamId = '';
  let view: TryView = { running: false, model: '', text: '', waiting: null, result: null, failure: null };
  let frame = 0;

  const update = (change: Partial<TryView>) => {
    view = { ...view, ...change };
    // Tokens come faster than a screen can show them.
    if (frame === 0)
      frame = requestAnimationFrame(() => {
        frame = 0;
        onChange(view);
      });
  };

  client.on('stream', ({ streamId: from, event }) => {
    if (from !== streamId || !view.running) return;
    if (event.type === 'text') update({ text: view.text + event.text, waiting: null });
    if (event.type === 'retry')
      update({ text: '', waiting: `${event.reason}. Attempt ${event.attempt} in ${Math.ceil(event.waitMs / 1000)} s` });
  });

  return {
    get view() {
      return view;
    },
    /** Null is nothing to try yet. */
    async start(input: PreviewInput | null) {
      if (!input) return;
      const id = crypto.randomUUID();
      streamId = id;
      update({ running: true, model: input.model, text: '', waiting: null, result: null, failure: null });
      try {
        const result = await client.call.tryOnce({ streamId: id, ...input });
        if (id === streamId) update({ running: false, waiting: null, text: result.text, result });
      } catch (error) {
        if (id === streamId) update({ running: false, waiting: null, failure: failureOf(error) });
      }
    },
    cancel() {
      if (view.running) client.call.cancelTry({ streamId }).catch(() => undefined);
    },
  };
}
