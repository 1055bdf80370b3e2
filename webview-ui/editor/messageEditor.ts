import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import type { Variable } from '../../src/vault/types.ts';
import { changeBetween, messageHint } from './messageText.ts';
import { messageTheme } from './messageTheme.ts';
import { declaredVariables, placeholders } from './placeholderExtensions.ts';

export type MessageEditor = {
  view: EditorView;
  setText(text: string): void;
  setVariables(variables: readonly Variable[]): void;
  setAccess(access: Access): void;
  destroy(): void;
};
/** What the editor is called, and whether it may be changed. */
export type Access = { label: string; readOnly: boolean };

// Text that comes from outside (undo of the page, a reload) must not be told as typing.
const fromOutside = Annotation.define<true>();

export function createMessageEditor(p: {
  parent: HTMLElement;
  root: ShadowRoot;
  text: string;
  variables: readonly Variable[];
  access: Access;
  nonce: string;
  onType: (text: string) => void;
  onDeclare: (name: string) => void;
}): MessageEditor {
  // Long texts are neither compared nor put together again at each key: this is the one both sides have.
  let known = p.text;
  let called = p.access;
  const variables = new Compartment();
  const access = new Compartment();
  const extensions: Extension[] = [
    history(),
    drawSelection(),
    closeBrackets(),
    search({ top: true }),
    highlightSelectionMatches(),
    EditorView.lineWrapping,
    EditorView.cspNonce.of(p.nonce),
    placeholder(messageHint),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    placeholders({ declare: p.onDeclare }),
    messageTheme,
    // Prompts are kept byte for byte: whatever line ends a text came with, it goes with.
    EditorState.lineSeparator.of('\n'),
    variables.of(declaredVariables.of(p.variables)),
    access.of(accessExtension(p.access)),
    EditorView.updateListener.of((update) => {
      const typed = update.transactions.some((one) => one.docChanged && !one.annotation(fromOutside));
      if (!typed) return;
      known = update.state.doc.toString();
      p.onType(known);
    }),
  ];
  const view = new EditorView({ doc: p.text, parent: p.parent, root: p.root, extensions });
  return {
    view,
    setText(text) {
      if (known === text) return;
      const changes = changeBetween(known, text);
      known = text;
      view.dispatch({ changes, annotations: fromOutside.of(true) });
    },
    setVariables(next) {
      if (view.state.facet(declaredVariables) === next) return;
      view.dispatch({ effects: variables.reconfigure(declaredVariables.of(next)) });
    },
    setAccess(next) {
      if (next.label === called.label && next.readOnly === called.readOnly) return;
      called = next;
      view.dispatch({ effects: access.reconfigure(accessExtension(next)) });
    },
    destroy: () => view.destroy(),
  };
}

function accessExtension({ label, readOnly }: Access): Extension {
  const attributes = { 'aria-label': label, 'aria-readonly': String(readOnly), spellcheck: 'true' };
  return [EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of(attributes)];
}
