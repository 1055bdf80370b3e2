import type { EditorContract } from '../../src/engine/panels.ts';
import { debounce } from '../shared/debounce.ts';
import { failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import { chosenValues, type Samples, samplesOf, withAdded, withValue } from './samples.ts';

/** The samples of the prompt on the page. A save is a revision of a dataset, so it waits until typing rests. */
export function createSampleStore(
  client: PanelClient<EditorContract>,
  { changed, failed }: { changed: () => void; failed: (error: unknown) => void },
) {
  let samples = samplesOf([], null);
  let touched = false;
  let more = 0;

  // One after the other: a second save would not know yet what the first one stored, and be refused as somebody else's.
  let last = Promise.resolve();
  const save = () => {
    last = last.then(async () => {
      try {
        await client.call.saveSamples({ samples: samples.list, chosen: samples.chosen });
      } catch (error) {
        failed(error);
        // Somebody else changed the dataset: theirs is what counts.
        if (failureOf(error).code === 'CONFLICT') await load();
      }
    });
  };
  const resting = debounce(1500, save);

  const set = (next: Samples) => {
    samples = next;
    touched = true;
    resting.request();
    changed();
  };

  /** Takes up what is stored. A value typed while it was on its way stays. */
  async function load(): Promise<void> {
    touched = false;
    const stored = await client.call.samples({}).catch(() => ({ samples: [], chosen: null, more: 0 }));
    const typed = touched ? chosenValues(samples) : {};
    samples = samplesOf(stored.samples, stored.chosen);
    for (const [name, value] of Object.entries(typed))
      samples = withValue(samples, { id: samples.chosen, name, value: String(value) });
    more = stored.more;
    changed();
  }

  return {
    get samples() {
      return samples;
    },
    /** Samples that are kept but too many to show. */
    get more() {
      return more;
    },
    set,
    /** Saves now what waits for typing to rest. */
    flush: resting.flush,
    /** Settles when all samples as they stand now are stored, or told of as failed. */
    store() {
      resting.cancel();
      save();
      return last;
    },
    load,
    async addFromFile() {
      const rows = await client.call.samplesFromFile({});
      if (rows) set(withAdded(samples, rows));
    },
  };
}
