/** Where the next page of a level begins, as fields for its query; null after the last. */
type Cursor = { readonly [field: string]: string | number | undefined };
/** `total` counts the whole level, null when not known. */
export type Page<Row> = { rows: Row[]; next: Cursor | null; total: number | null };
/** `left` is how many rows come after these, null when not known. */
export type Level<Row> = { rows: Row[]; more: boolean; left: number | null };
type Reading<Row> = Page<Row> & { pages: number; wanted: number; busy: Promise<unknown> };

/** The levels of a tree, read a page at a time: each page goes on where the one before ended, and nothing is read twice. */
export type PromptPages<Row> = {
  /** The pages wanted of a level so far: the first, and one for each `loadMore`. Fails as `page` does. */
  read(id: string, page: (from: Cursor) => Promise<Page<Row>>): Promise<Level<Row>>;
  loadMore(id: string): void;
  /** Rows are read anew when they are asked for, as far as they were. */
  forgetRows(): void;
  /** Levels begin with their first page again. */
  forgetLevels(): void;
};

export function createPromptPages<Row>(): PromptPages<Row> {
  let levels = new Map<string, Reading<Row>>();
  const fresh = (wanted: number): Reading<Row> => {
    return { rows: [], next: {}, total: null, pages: 0, wanted, busy: Promise.resolve() };
  };
  function level(id: string): Reading<Row> {
    const known = levels.get(id) ?? fresh(1);
    levels.set(id, known);
    return known;
  }
  async function fill(reading: Reading<Row>, page: (from: Cursor) => Promise<Page<Row>>): Promise<void> {
    while (reading.next && reading.pages < reading.wanted) {
      const { rows, next, total } = await page(reading.next);
      reading.rows.push(...rows);
      Object.assign(reading, { next, total, pages: reading.pages + 1 });
    }
  }
  return {
    async read(id, page) {
      const reading = level(id);
      // Whoever asks while a page is on its way waits for it, so that no page is read twice.
      const mine = reading.busy.then(() => fill(reading, page));
      reading.busy = mine.catch(() => undefined);
      await mine;
      const { rows, next, total } = reading;
      return { rows: [...rows], more: next !== null, left: total === null ? null : Math.max(0, total - rows.length) };
    },
    loadMore(id) {
      const reading = level(id);
      reading.wanted = reading.pages + 1;
    },
    forgetRows() {
      levels = new Map([...levels].map(([id, { wanted }]) => [id, fresh(wanted)]));
    },
    forgetLevels() {
      levels = new Map();
    },
  };
}
