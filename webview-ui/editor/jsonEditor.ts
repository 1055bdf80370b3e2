import { css, html, LitElement, type PropertyValues } from 'lit';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { pageNonce } from '../shared/page.ts';
import type { JsonText } from './jsonText.ts';
import { loadTextEditors, type TextEditors } from './loadTextEditors.ts';

/** A small JSON text that marks where it is none. Fires `typed` with the text, and `failed` with an error when it cannot be shown. */
class JsonEditor extends LitElement {
  static override properties = { text: { attribute: false }, label: {}, readOnly: { type: Boolean } };
  declare text: string;
  declare label: string;
  declare readOnly: boolean;
  #editor: JsonText | null = null;

  override render() {
    return html`<div class="text"></div>`;
  }

  override firstUpdated() {
    loadTextEditors().then(
      (editors) => this.#open(editors),
      (error) => emit(this, 'failed', error),
    );
  }

  #open({ createJsonText }: TextEditors) {
    if (!this.isConnected) return;
    this.#editor = createJsonText({
      parent: this.renderRoot.querySelector('.text') as HTMLElement,
      root: this.renderRoot as ShadowRoot,
      text: this.text,
      label: this.label,
      readOnly: this.readOnly,
      nonce: pageNonce(),
      onType: (text) => {
        if (text !== this.text) emit(this, 'typed', text);
      },
    });
  }

  override updated(changes: PropertyValues<this>) {
    this.#editor?.setText(this.text);
    if (changes.has('readOnly')) this.#editor?.setReadOnly(this.readOnly);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#editor?.destroy();
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
