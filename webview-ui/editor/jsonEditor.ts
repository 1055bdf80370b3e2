import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { linter, lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { pageNonce } from '../shared/page.ts';
import { findJsonProblem } from './jsonProblem.ts';
import { messageTheme } from './messageTheme.ts';

const marks = linter(
  ({ state }) => {
    const problem = findJsonProblem(state.doc.toString());
    if (!problem) return [];
    const to = Math.min(state.doc.length, problem.offset + 1);
    return [{ from: Math.min(problem.offset, to), to, severity: 'error', message: `${problem.expected} expected` }];
  },
  { delay: 200 },
);

/** A small JSON text that marks where it is none. Fires `typed` with the text. */
class JsonEditor extends LitElement {
  static override properties = { text: { attribute: false }, label: {}, readOnly: { type: Boolean } };
  declare text: string;
  declare label: string;
  declare readOnly: boolean;
  #view: EditorView | null = null;
  readonly #access = new Compartment();

  override render() {
    return html`<div class="text"></div>`;
  }

  override firstUpdated() {
    this.#view = new EditorView({
      doc: this.text,
      parent: this.renderRoot.querySelector('.text') as HTMLElement,
      root: this.renderRoot as ShadowRoot,
      extensions: [
        history(),
        drawSelection(),
        closeBrackets(),
        lineNumbers(),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(pageNonce()),
        EditorView.contentAttributes.of({ 'aria-label': this.label }),
        keymap.of([...closeBracketsKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        marks,
        messageTheme,
        this.#access.of(EditorState.readOnly.of(this.readOnly)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && update.state.doc.toString() !== this.text)
            emit(this, 'typed', update.state.doc.toString());
        }),
      ],
    });
  }

  override updated(changes: PropertyValues<this>) {
    const view = this.#view;
    if (!view) return;
    const length = view.state.doc.length;
    if (view.state.doc.toString() !== this.text) view.dispatch({ changes: { from: 0, to: length, insert: this.text } });
    if (changes.has('readOnly'))
      view.dispatch({ effects: this.#access.reconfigure(EditorState.readOnly.of(this.readOnly)) });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#view?.destroy();
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; }
      .text { border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; }
    `,
  ];
}

define('pv-json', JsonEditor);
