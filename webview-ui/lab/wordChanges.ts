import { diffWordsWithSpace } from 'diff';
import { html, type TemplateResult } from 'lit';

/** A difference of two very long texts takes seconds; beyond this the texts stand side by side as they are. */
const timeout = 200;
const remembered = new Map<string, TemplateResult[]>();

/** `text` with what is new in it against `before` marked, and what is gone struck through. */
export function wordChanges(before: string, text: string): TemplateResult[] {
  const key = JSON.stringify([before, text]);
  const known = remembered.get(key);
  if (known) return known;
  const changes = diffWordsWithSpace(before, text, { timeout }) ?? [{ value: text, added: false, removed: false }];
  const parts = changes.map(({ value, added, removed }) =>
    added ? html`<ins>${value}</ins>` : removed ? html`<del>${value}</del>` : html`${value}`,
  );
  if (remembered.size > 500) remembered.clear();
  remembered.set(key, parts);
  return parts;
}
