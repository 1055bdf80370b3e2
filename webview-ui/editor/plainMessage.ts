import { css, html, type TemplateResult } from 'lit';
import type { Variable } from '../../src/vault/types.ts';
import { findPlaceholders } from '../shared/placeholders.ts';
import { changeBetween, messageHint } from './messageText.ts';
import { standing } from './placeholderStanding.ts';

// More than a large screen shows: the rest of a long text comes with its editor.
const mostShown = 20_000;

/**
 * A message's text as its editor will show it, for the moment until that is there. What is typed meanwhile counts: a text
 * area with letters nobody sees takes the keys, the caret and the selection, and the text in its colours lies over it.
 */
export function plainMessage(p: {
  text: string;
  label: string;
  readOnly: boolean;
  variables: readonly Variable[];
  onType: (text: string) => void;
  /** Whether letters are being put together by an input method. */
  onCompose: (composing: boolean) => void;
}): TemplateResult {
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
  const typed = (event: Event) => p.onType(typedInto(p.text, (event.target as HTMLTextAreaElement).value));
  const scrolled = ({ target }: Event) => {
    const area = target as HTMLTextAreaElement;
    if (area.nextElementSibling) area.nextElementSibling.scrollTop = area.scrollTop;
  };
  return html`<div class="before" @compositionstart=${() => p.onCompose(true)} @compositionend=${() => p.onCompose(false)}>
    <textarea class="keys" aria-label=${p.label} ?readonly=${p.readOnly} placeholder=${messageHint} .value=${text} @input=${typed} @scroll=${scrolled}></textarea>
    <div class="plain" aria-hidden="true">${pieces}</div>
  </div>`;
}

/** The message after its text area holds `value`: the area knows no `\r\n` and only the beginning of a long text. */
export function typedInto(text: string, value: string): string {
  const shown = text.slice(0, mostShown);
  const { from, to, insert } = changeBetween(asInArea(shown), value);
  return text.slice(0, placeInText(shown, from)) + insert + text.slice(placeInText(shown, to));
}

/** Where in the text the place of its text area is, in UTF-16 units. */
export function placeInText(text: string, place: number): number {
  let at = 0;
  for (let left = place; left > 0; left -= 1) at += text.startsWith('\r\n', at) ? 2 : 1;
  return at;
}

const asInArea = (text: string) => text.replace(/\r\n?/g, '\n');

/** How placeholders look, in the plain text and in the editor. Its warning colour is too pale for text in some light themes, so only the line below has it. */
export const placeholderStyles = css`
  .pv-declared { color: var(--vscode-symbolIcon-variableForeground, var(--vscode-textLink-foreground)); font-weight: 600; }
  .pv-undeclared { text-decoration: underline dashed var(--vscode-editorWarning-foreground); text-underline-offset: 3px; }
  .pv-malformed { color: var(--vscode-descriptionForeground); font-style: italic; }
`;

/** The same letters, lines and height as the editor's own theme makes, so that nothing moves when it takes over. */
export const plainMessageStyles = css`
  .before { position: relative; }
  .plain, .keys { min-height: 56px; max-height: 60vh; margin: 0; padding: 8px 12px; border: none; overflow: auto; font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); line-height: 1.5; tab-size: 4; white-space: break-spaces; word-break: break-word; overflow-wrap: anywhere; }
  .plain { position: relative; color: var(--vscode-editor-foreground); pointer-events: none; }
  /* The line after a last line break is there to be typed on. */
  .plain::after { content: '\\200b'; }
  .keys { position: absolute; inset: 0; width: 100%; height: 100%; max-height: none; resize: none; color: transparent; background: none; caret-color: var(--vscode-editorCursor-foreground); }
  .keys::placeholder { color: var(--vscode-input-placeholderForeground); }
  .keys::selection { color: transparent; background: var(--vscode-editor-selectionBackground); }
`;
