/** The rows to draw: `first` up to, not including, `end`. Pixels; all rows are of one height. */
export type VirtualWindow = { first: number; end: number; total: number };

const overscan = 4;

export function virtualWindow(p: {
  scrollTop: number;
  height: number;
  rowHeight: number;
  count: number;
}): VirtualWindow {
  const { scrollTop, height, rowHeight, count } = p;
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - overscan;
  const end = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + overscan;
  return { first: clamp(first, 0, count), end: clamp(end, 0, count), total: count * rowHeight };
}

/** Where to scroll so that a stretch (a row, a column) is seen whole below or beside what is sticky; unchanged when it is. */
export function scrollToShow(p: { at: number; size: number; scroll: number; view: number; sticky: number }): number {
  const { at, size, scroll, view, sticky } = p;
  if (at < scroll) return at;
  const end = at + size - (view - sticky);
  return Math.max(end, scroll);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
