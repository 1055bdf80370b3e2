import type { EditorSample } from '../../src/engine/panels.ts';
import type { JsonObject } from '../../src/shared/json.ts';

/** The sample values on the page; there is always one sample. */
export type Samples = { list: EditorSample[]; chosen: string };

/** A page's samples: the stored ones, else an empty first one. */
export function samplesOf(stored: readonly EditorSample[], chosen: string | null): Samples {
  const list = stored.length > 0 ? [...stored] : [{ id: '1', name: 'Sample 1', values: {} }];
  const found = list.find(({ id }) => id === chosen) ?? list[0];
  return { list, chosen: found?.id ?? '' };
}

export function chosenValues({ list, chosen }: Samples): JsonObject {
  return list.find(({ id }) => id === chosen)?.values ?? {};
}

/** Empty where there is nothing to choose from. */
export function chosenName({ list, chosen }: Samples): string {
  return list.length > 1 ? (list.find(({ id }) => id === chosen)?.name ?? '') : '';
}

/** The samples with more of them; the first of these is chosen. Ids and names are made different from those there. */
export function withAdded(samples: Samples, added: readonly Omit<EditorSample, 'id'>[]): Samples {
  const ids = new Set(samples.list.map(({ id }) => id));
  const fresh = added.map((sample, at) => ({ ...sample, id: freeIn(ids, samples.list.length + at + 1) }));
  return { list: [...samples.list.filter(hasValues), ...fresh], chosen: fresh[0]?.id ?? samples.chosen };

  // A first sample nobody filled in gives way to rows of a file.
  function hasValues({ values }: EditorSample) {
    return (
      added.every((one) => Object.keys(one.values).length === 0) || Object.values(values).some((one) => one !== '')
    );
  }
}

/** An empty sample, or one like `like`. */
export function withNew(samples: Samples, like?: EditorSample): Samples {
  const names = new Set(samples.list.map(({ name }) => name));
  let at = samples.list.length + 1;
  while (names.has(`Sample ${at}`)) at += 1;
  return withAdded(samples, [{ name: `Sample ${at}`, values: { ...like?.values } }]);
}

export function withoutSample(samples: Samples, id: string): Samples {
  return samplesOf(
    samples.list.filter((one) => one.id !== id),
    samples.chosen,
  );
}

export function withName(samples: Samples, id: string, name: string): Samples {
  const list = samples.list.map((one) => (one.id === id && name.trim() ? { ...one, name: name.trim() } : one));
  return { ...samples, list };
}

export function withValue(samples: Samples, p: { id: string; name: string; value: string }): Samples {
  const list = samples.list.map((one) =>
    one.id === p.id ? { ...one, values: { ...one.values, [p.name]: p.value } } : one,
  );
  return { ...samples, list };
}

function freeIn(ids: Set<string>, start: number): string {
  let number = start;
  while (ids.has(String(number))) number += 1;
  ids.add(String(number));
  return String(number);
}
