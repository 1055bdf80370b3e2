/** What of a promptfoo configuration has no place here, so that nothing is dropped unseen. */
export type NotCarried = { where: string; what: string; reason: string };
export type Leave = (where: string, what: string, reason: string) => void;

/** Gathers what was left behind; the same thing for the same reason is said once, with how often. */
export function gatherLeft(): { leave: Leave; list(): NotCarried[] } {
  const left = new Map<string, NotCarried & { places: string[] }>();
  return {
    leave(where, what, reason) {
      const key = JSON.stringify([what, reason]);
      const known = left.get(key);
      if (known) known.places.push(where);
      else left.set(key, { where, what, reason, places: [where] });
    },
    list: () =>
      [...left.values()].map(({ places, what, reason }) => {
        const [first = ''] = places;
        return { where: places.length === 1 ? first : `${first} and ${places.length - 1} more`, what, reason };
      }),
  };
}
