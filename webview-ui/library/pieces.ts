import { html, type TemplateResult } from 'lit';
import type { Stage } from '../../src/vault/types.ts';
import { showHidden, textParts } from './plainText.ts';

const stageNames: Record<Stage, string> = { DEV: 'Development', TST: 'Test', PRD: 'Production', RET: 'Retired' };

/** The letters carry the meaning; the colour only helps. */
export const stageMark = (stage: Stage): TemplateResult =>
  html`<span class="stage ${stage}" title=${stageNames[stage]}>${stage}</span>`;

/** Lines of uneven widths where a text will be. They come in sight only after a moment. */
export const skeleton = (rows: number): TemplateResult => html`<div class="skeleton" role="status" aria-label="Loading">
  ${Array.from({ length: rows }, () => html`<div></div>`)}
</div>`;

export const problem = (text: string, retry: () => void): TemplateResult => html`<div class="problem" role="alert">
  <p>${text}</p>
  <button type="button" @click=${retry}>Try Again</button>
</div>`;

/** A prompt's text, and nothing but text, with its variables marked. */
export const promptText = (text: string): TemplateResult =>
  html`<pre tabindex="0" aria-label="Text">${textParts(text).map(({ text: part, kind }) =>
    kind === 'variable' ? html`<mark>${part}</mark>` : showHidden(part),
  )}</pre>`;

export function copyButton(label: string, text: string, say: (said: string) => void): TemplateResult {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say(`${label}: copied.`),
      () => say('The browser did not let the page copy. Select the text and copy it by hand.'),
    );
  return html`<button type="button" @click=${copy}>${label}</button>`;
}
