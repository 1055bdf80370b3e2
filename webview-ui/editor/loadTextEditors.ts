import { pageFile, painted } from '../shared/page.ts';
import type { textEditors } from './textEditors.ts';

export type TextEditors = typeof textEditors;

let here: TextEditors | null = null;
let coming: Promise<TextEditors> | null = null;

/** The text editors if they are here already: then nothing else need be shown meanwhile. */
export const textEditorsNow = (): TextEditors | null => here;

/** The text editors, loaded once the page has been painted: CodeMirror is two thirds of its code. Asked again after a failure, it tries again. */
export function loadTextEditors(): Promise<TextEditors> {
  coming ??= load().catch((error) => {
    coming = null;
    throw error;
  });
  return coming;
}

async function load(): Promise<TextEditors> {
  await painted();
  const loaded: { textEditors: TextEditors } = await import(pageFile('textEditors.js'));
  here = loaded.textEditors;
  return here;
}
