import { css, html, type TemplateResult } from 'lit';
import type { Variable } from '../../src/vault/types.ts';
import { findPlaceholders } from '../shared/placeholders.ts';
import { standing } from './placeholderStanding.ts';

// More than a large screen shows: the rest of a long text comes with its editor.
const mostShown = 20_000;

/** A message's text to read, as its editor will show it, for the moment until that is there. */
export function plainMessage(p: { text: string; label: string; variables: readonly Variable[] }): TemplateResult {
  const text = p.text.slice(0, mostShown);
  const pieces: unknown[] = [];
  let at = 0;
  for (const found of findPlaceholders(text)) {
    const { from, to } = found;
    pieces.push(
      text.slice(at, from),
      html`<span class="pv-${standing(found, p.variables)}">${text.slice(from, to)}</span>`,
    );
    at = to;
  }
  pieces.push(text.slice(at));
  return html`<div class="plain" role="textbox" aria-multiline="true" aria-readonly="true" aria-label=${p.label} tabindex="0">${pieces}</div>`;
}

/** How placeholders look, in the plain text and in the editor. Its warning colour is too pale for text in some light themes, so only the line below has it. */
export const placeholderStyles = css`
  .pv-declared { color: var(--vscode-symbolIcon-variableForeground, var(--vscode-textLink-foreground)); font-weight: 600; }
  .pv-undeclared { text-decoration: underline dashed var(--vscode-editorWarning-foreground); text-underline-offset: 3px; }
  .pv-malformed { color: var(--vscode-descriptionForeground); font-style: italic; }
`;

/** The same letters, lines and height as the editor's own theme makes, so that nothing moves when it takes over. */
export const plainMessageStyles = css`
  .plain { min-height: 56px; max-height: 60vh; padding: 8px 12px; overflow: auto; color: var(--vscode-editor-foreground); font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); line-height: 1.5; tab-size: 4; white-space: break-spaces; word-break: break-word; overflow-wrap: anywhere; }
`;
