import { parseFilter } from '../vault/filterText.ts';
import { matchesIn, searchWords } from '../vault/searchText.ts';

/** Where a text shows why a search found it, as [start, end) in order; filters such as `tag:legal` show nothing. */
export function highlights(text: string, search: string): [number, number][] {
  const words = searchWords(parseFilter(search).search);
  return words ? matchesIn(text, words) : [];
}
