import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { linter, lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { findJsonProblem } from './jsonProblem.ts';
import { messageTheme } from './messageTheme.ts';

export type JsonText = { setText(text: string): void; setReadOnly(readOnly: boolean): void; destroy(): void };

const marks = linter(
  ({ state }) => {
    const problem = findJsonProblem(state.doc.toString());
    if (!problem) return [];
    const to = Math.min(state.doc.length, problem.offset + 1);
    return [{ from: Math.min(problem.offset, to), to, severity: 'error', message: `${problem.expected} expected` }];
  },
  { delay: 200 },
);

/** A JSON text that marks where it is none. `onType` hears each text that is not the one set last. */
export function createJsonText(p: {
  parent: HTMLElement;
  root: ShadowRoot;
  text: string;
  label: string;
  readOnly: boolean;
  nonce: string;
  onType: (text: string) => void;
}): JsonText {
  const access = new Compartment();
  const view = new EditorView({
    doc: p.text,
    parent: p.parent,
    root: p.root,
    extensions: [
      history(),
      drawSelection(),
      closeBrackets(),
      lineNumbers(),
      EditorView.lineWrapping,
      EditorView.cspNonce.of(p.nonce),
      EditorView.contentAttributes.of({ 'aria-label': p.label }),
      keymap.of([...closeBracketsKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
      marks,
      messageTheme,
      access.of(EditorState.readOnly.of(p.readOnly)),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) p.onType(update.state.doc.toString());
      }),
    ],
  });
  return {
    setText(text) {
      if (view.state.doc.toString() === text) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setReadOnly: (readOnly) => view.dispatch({ effects: access.reconfigure(EditorState.readOnly.of(readOnly)) }),
    destroy: () => view.destroy(),
  };
}
