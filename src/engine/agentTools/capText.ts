/** Characters of all texts of one answer together: more would fill a model's window with one call. */
export const mostCharacters = 60_000;

/** Cuts the texts of a value, in order, once they are longer together than `most`; `notes` say where and by how much. */
export function capText<T>(value: T, most = mostCharacters): { value: T; notes: string[] } {
  const notes: string[] = [];
  let left = most;
  function walk(part: unknown, where: string): unknown {
    if (typeof part === 'string') {
      const kept = part.length <= left ? part : part.slice(0, left);
      left -= kept.length;
      if (kept.length < part.length) notes.push(`${where} was cut after ${kept.length} of ${part.length} characters`);
      return kept;
    }
    if (Array.isArray(part)) return part.map((item, index) => walk(item, `${where}[${index}]`));
    if (part === null || typeof part !== 'object') return part;
    const entries = Object.entries(part).map(([key, item]) => [
      key,
      walk(item, where === '' ? key : `${where}.${key}`),
    ]);
    return Object.fromEntries(entries);
  }
  const kept = walk(value, '') as T;
  if (notes.length <= 5) return { value: kept, notes };
  return { value: kept, notes: [...notes.slice(0, 5), `${notes.length - 5} more texts were cut`] };
}
