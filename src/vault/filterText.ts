import { type Stage, stages } from './types.ts';

/** What a typed filter asks for: words to look for, and what prompts must have besides. All of it must fit. */
export type TextFilter = { search: string; folders: string[]; tags: string[]; stages: Stage[]; labels: string[] };

/** A quoted phrase, which is left alone, or `key:value` and `key:"two words"` between spaces. */
const piece = /"[^"]*"|(?<!\S)(stage|tag|folder|label):(?:"([^"]*)(?:"|$)|([^\s"]*))(?!\S)/gi;

/**
 * Takes `stage:PRD tag:legal folder:support label:"Production Candidate"` out of a search; keys and stages in any case. What
 * looks like a filter and is none (`foo:bar`, `stage:LIVE`) stays text; a key without a value asks for nothing.
 */
export function parseFilter(text: string): TextFilter {
  const filter: TextFilter = { search: '', folders: [], tags: [], stages: [], labels: [] };
  const left = text.replace(piece, (whole, key?: string, quoted?: string, plain?: string) => {
    if (key === undefined) return whole;
    const value = (quoted ?? plain!).trim();
    return value === '' || take(filter, key.toLowerCase(), value) ? ' ' : whole;
  });
  return { ...filter, search: left.replace(/\s+/g, ' ').trim() };
}

function take(filter: TextFilter, key: string, value: string): boolean {
  if (key === 'stage') {
    const stage = stages.find((one) => one === value.toUpperCase());
    if (stage) filter.stages.push(stage);
    return stage !== undefined;
  }
  const list = key === 'tag' ? filter.tags : key === 'label' ? filter.labels : filter.folders;
  list.push(value);
  return true;
}
