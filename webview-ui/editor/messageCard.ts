import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Role, Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { pageNonce } from '../shared/page.ts';
import { iconButton } from '../shared/pieces.ts';
import type { DraftMessage } from './draft.ts';
import { loadTextEditors, type TextEditors, textEditorsNow } from './loadTextEditors.ts';
import type { MessageEditor } from './messageEditor.ts';
import { changeBetween } from './messageText.ts';
import { placeholderStyles, placeInText, plainMessage, plainMessageStyles } from './plainMessage.ts';

const roles: readonly Role[] = ['system', 'user', 'assistant'];

/** One message: its role, its text, its place. Fires `typed`, `role`, `move` (-1, 1), `grab`, `foldMessage`, `declare` (a name), `remove` and `failed` (an error). */
class MessageCard extends LitElement {
  static override properties = {
    message: { attribute: false },
    index: { type: Number },
    count: { type: Number },
    variables: { attribute: false },
    readOnly: { type: Boolean },
    folded: { type: Boolean },
    editing: { state: true },
  };
  declare message: DraftMessage;
  declare index: number;
  declare count: number;
  declare variables: readonly Variable[];
  declare readOnly: boolean;
  /** Only its head and how its text begins. */
  declare folded: boolean;
  /** Its editor is here. */
  declare editing: boolean;
  #editor: MessageEditor | null = null;
  /** The text before keys came that the editor was not there for. */
  #untyped: string | null = null;
  #composing = false;

  get #label() {
    return `Message ${this.index + 1} of ${this.count}, ${this.message.role}`;
  }

  override focus() {
    if (this.folded) this.renderRoot.querySelector<HTMLElement>('.fold')?.focus();
    else if (this.#editor) this.#editor.view.focus();
    else this.#keys?.focus();
  }

  /** What takes the keys until the editor is there. */
  get #keys() {
    return this.renderRoot.querySelector<HTMLTextAreaElement>('.keys');
  }

  override willUpdate() {
    // Before the first paint only if that costs no wait.
    if (!this.hasUpdated) this.editing = textEditorsNow() !== null;
  }

  override firstUpdated() {
    const editors = textEditorsNow();
    if (editors) this.#open(editors);
    else
      loadTextEditors().then(
        (loaded) => this.#takeOver(loaded),
        (error) => emit(this, 'failed', error),
      );
  }

  #takeOver(editors: TextEditors) {
    if (!this.isConnected) return;
    const keys = this.#keys;
    // Letters that are being put together would be lost with the text area.
    if (this.#composing) {
      keys?.addEventListener('compositionend', () => setTimeout(() => this.#takeOver(editors)), { once: true });
      return;
    }
    const { content } = this.message;
    const focused = keys !== null && this.shadowRoot?.activeElement === keys;
    this.#open(editors);
    this.editing = true;
    if (!this.#editor || !keys) return;
    const { view } = this.#editor;
    const place = (at: number) => Math.min(placeInText(content, at), view.state.doc.length);
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = keys;
    const [anchor, head] = [place(selectionStart), place(selectionEnd)];
    view.dispatch({ selection: selectionDirection === 'backward' ? { anchor: head, head: anchor } : { anchor, head } });
    if (scrollTop) view.scrollDOM.scrollTop = scrollTop;
    if (focused) view.focus();
  }

  #open({ createMessageEditor }: TextEditors) {
    const { content } = this.message;
    const text = this.#untyped ?? content;
    this.#editor = createMessageEditor({
      parent: this.renderRoot.querySelector('.text') as HTMLElement,
      root: this.renderRoot as ShadowRoot,
      text,
      variables: this.variables,
      access: { label: this.#label, readOnly: this.readOnly },
      nonce: pageNonce(),
      onType: (text) => emit(this, 'typed', text),
      onDeclare: (name) => emit(this, 'declare', name),
    });
    // What was typed before is a step that the editor's own undo takes back.
    if (text !== content) this.#editor.view.dispatch({ changes: changeBetween(text, content), userEvent: 'input' });
  }

  override updated(changes: PropertyValues<this>) {
    this.#editor?.setText(this.message.content);
    if (changes.has('variables')) this.#editor?.setVariables(this.variables);
    this.#editor?.setAccess({ label: this.#label, readOnly: this.readOnly });
    // What is not shown is not measured by its editor.
    if (changes.has('folded') && !this.folded) this.#editor?.view.requestMeasure();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    // A move takes the element out and in again: only what stays away is given up.
    queueMicrotask(() => {
      if (!this.isConnected) this.#editor?.destroy();
    });
  }

  override render() {
    const { role } = this.message;
    return html`<div class="card">
      <div class="head">
        ${this.readOnly ? nothing : this.renderGrip()}
        ${this.renderFold()}
        ${this.readOnly ? html`<h2>${role}</h2>` : this.renderRole(role)}
        <span class="grow quiet small ellipsis">${this.folded ? this.beginning : nothing}</span>
        ${this.readOnly ? nothing : this.renderTools()}
      </div>
      <div class="text" ?hidden=${this.folded}></div>
      ${this.editing || this.folded ? nothing : this.renderPlain()}
    </div>`;
  }

  private renderPlain() {
    const { content } = this.message;
    const onType = (text: string) => {
      this.#untyped ??= content;
      // The next key may come before the page has answered this one.
      this.message = { ...this.message, content: text };
      emit(this, 'typed', text);
    };
    const onCompose = (composing: boolean) => {
      this.#composing = composing;
    };
    const { variables, readOnly } = this;
    return plainMessage({ text: content, label: this.#label, readOnly, variables, onType, onCompose });
  }

  private get beginning() {
    const { content } = this.message;
    return content.trim() ? content.slice(0, 200).trim().replace(/\s+/g, ' ') : 'empty';
  }

  /** Only for the mouse: the arrows beside it and their keys do the same. */
  private renderGrip() {
    const grab = (event: DragEvent) => {
      // Without a text of its own, so that no editor takes the message for something to paste.
      event.dataTransfer?.setData('application/x-promptvault-message', this.message.key);
      event.dataTransfer?.setDragImage(this, 8, 8);
      emit(this, 'grab');
    };
    return html`<span class="grip" draggable="true" title="Drag to another place" @dragstart=${grab}><vscode-icon name="gripper"></vscode-icon></span>`;
  }

  private renderFold() {
    const label = `${this.folded ? 'Expand' : 'Collapse'} message ${this.index + 1}`;
    return html`<button class="icon fold" type="button" title=${label} aria-label=${label} aria-expanded=${!this.folded}
      @click=${() => emit(this, 'foldMessage')}><vscode-icon name=${this.folded ? 'chevron-right' : 'chevron-down'}></vscode-icon></button>`;
  }

  private renderRole(role: Role) {
    const chosen = (event: Event) => emit(this, 'role', (event.target as HTMLSelectElement).value);
    return html`<select class="role" aria-label="Role of message ${this.index + 1}" .value=${role} @change=${chosen}>
      ${roles.map((one) => html`<option value=${one} ?selected=${one === role}>${one.toUpperCase()}</option>`)}
    </select>`;
  }

  private renderTools() {
    const at = this.index + 1;
    return [
      iconButton({
        icon: 'arrow-up',
        label: `Move message ${at} up (Alt+Shift+PageUp)`,
        disabled: this.index === 0,
        run: () => emit(this, 'move', -1),
      }),
      iconButton({
        icon: 'arrow-down',
        label: `Move message ${at} down (Alt+Shift+PageDown)`,
        disabled: at === this.count,
        run: () => emit(this, 'move', 1),
      }),
      iconButton({
        icon: 'close',
        label: `Remove message ${at}`,
        disabled: this.count === 1,
        run: () => emit(this, 'remove'),
      }),
    ];
  }

  static override styles = [
    baseStyles,
    placeholderStyles,
    plainMessageStyles,
    css`
      :host { display: block; }
      .card { border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; background: var(--vscode-editor-background); }
      .head { display: flex; align-items: center; gap: 2px; min-height: 30px; padding: 2px 4px; }
      .grip { display: inline-flex; cursor: grab; color: var(--vscode-icon-foreground); opacity: 0.6; }
      .grip:active { cursor: grabbing; }
      .role { height: 22px; padding: 0 2px; field-sizing: content; font: 600 11px var(--vscode-font-family); letter-spacing: 0.04em; color: var(--vscode-descriptionForeground); background: var(--vscode-editor-background); border: 1px solid transparent; border-radius: 3px; cursor: pointer; }
      .role:hover { border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); }
      .role option { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); }
    `,
  ];
}

export type MessageCardElement = MessageCard;
define('pv-message', MessageCard);
