import { html, nothing, type TemplateResult } from 'lit';
import type { DiffResult } from '../../src/vault/types.ts';
import { stageMark } from './pieces.ts';
import { showHidden } from './plainText.ts';

type MessageChange = DiffResult['messages'][number];
const changeNames = { added: 'added', removed: 'removed', changed: 'changed' } as const;

/** What differs from one version to another, word by word. Added and removed words also differ without colour. */
export function changesView(changes: DiffResult, back: string): TemplateResult {
  const { from, to, messages, settings, variables, same } = changes;
  return html`<section aria-label="Changes">
    <div class="bar"><h2>Changes</h2><a href=${back}>Show the whole text</a></div>
    <p>v${from.version} ${stageMark(from.stage)} → v${to.version} ${stageMark(to.stage)}</p>
    ${same ? html`<p class="note">Both say the same.</p>` : nothing}
    ${messages.map(messageChange)}
    ${valueChanges(
      'Settings',
      settings.map((one) => ({ name: one.key, from: one.from, to: one.to })),
    )}
    ${valueChanges('Variables', variables)}
  </section>`;
}

const messageChange = ({ index, role, change, by, parts }: MessageChange) => html`<article class="message">
  <h3>${role} <span class="quiet">message ${index + 1}, ${changeNames[change]}</span></h3>
  ${by === 'words' ? nothing : html`<p class="note">Too much differs to be told word by word.</p>`}
  <pre tabindex="0" aria-label="Changes of message ${index + 1}">${parts.map(changedPart)}</pre>
</article>`;

function changedPart({ op, text }: MessageChange['parts'][number]) {
  const shown = showHidden(text);
  if (op === 'add') return html`<ins>${shown}</ins>`;
  return op === 'remove' ? html`<del>${shown}</del>` : html`${shown}`;
}

function valueChanges(title: string, rows: { name: string; from: unknown; to: unknown }[]) {
  if (rows.length === 0) return nothing;
  const say = (value: unknown) => (value === null ? '–' : showHidden(JSON.stringify(value)));
  return html`<table><caption>${title}</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
    <tbody>${rows.map(({ name, from, to }) => html`<tr><th scope="row">${showHidden(name)}</th><td>${say(from)}</td><td>${say(to)}</td></tr>`)}</tbody>
  </table>`;
}
