import type { Message } from './types.ts';

/** One language for everybody, so that two people see the same sentences. It splits others as well, also those without spaces. */
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A text as its sentences; the end of a line ends one. White space goes with the sentence before it. Joined they are the text. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let pending = '';
  for (const { segment } of segmenter.segment(text)) {
    if (segment.trim() !== '') {
      sentences.push(pending + segment);
      pending = '';
    } else if (sentences.length > 0) sentences[sentences.length - 1] += segment;
    else pending += segment;
  }
  return pending === '' ? sentences : [pending];
}

/** What makes two sentences the same: who says it and its words. White space alone changes nothing. */
function sentenceKey(role: Message['role'], sentence: string): string {
  return `${role} ${sentence.trim().replaceAll(/\s+/g, ' ')}`;
}

/** Sentences of lines seen before. Versions share most of theirs. */
export type KnownLines = Map<string, readonly string[]>;

/** The keys of all sentences of a content, message by message, as many as `splitSentences` gives. */
export function sentenceKeys(messages: readonly Message[], known: KnownLines = new Map()): string[] {
  const keys: string[] = [];
  for (const { role, content } of messages) {
    const before = keys.length;
    for (const line of content.split('\n')) {
      const name = `${role} ${line}`;
      let found = known.get(name);
      if (!found) {
        found = line.trim() === '' ? [] : splitSentences(line).map((one) => sentenceKey(role, one));
        known.set(name, found);
      }
      for (const key of found) keys.push(key);
    }
    if (keys.length === before && content !== '') keys.push(sentenceKey(role, content));
  }
  return keys;
}
