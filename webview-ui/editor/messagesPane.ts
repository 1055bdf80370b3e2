import './messageCard.ts';
import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Role, Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { actionButton, linkButton } from '../shared/pieces.ts';
import type { DraftMessage } from './draft.ts';
import type { MessageCardElement } from './messageCard.ts';
import { appended, moved, movedBeside, withMessage, without } from './messageList.ts';

/** What an edit of the messages is called for undo, and the messages after it. */
export type MessagesEdit = { key: string; messages: DraftMessage[] };
type Drop = { key: string; side: 'before' | 'after' };

/** The messages of a prompt. Fires `messages` (MessagesEdit) and `fold` with the keys of all folded messages. */
class MessagesPane extends LitElement {
  static override properties = {
    messages: { attribute: false },
    variables: { attribute: false },
    readOnly: { type: Boolean },
    folded: { attribute: false },
    dragged: { state: true },
    drop: { state: true },
    said: { state: true },
  };
  declare messages: DraftMessage[];
  declare variables: readonly Variable[];
  declare readOnly: boolean;
  declare folded: ReadonlySet<string>;
  declare dragged: string | null;
  declare drop: Drop | null;
  /** For screen readers: where a message has gone. */
  declare said: string;

  constructor() {
    super();
    Object.assign(this, { dragged: null, drop: null, said: '' });
  }

  override focus() {
    this.#cards[0]?.focus();
  }

  get #cards() {
    return [...this.renderRoot.querySelectorAll<MessageCardElement>('pv-message')];
  }

  override render() {
    const { messages } = this;
    return html`
      <div class="row"><h2>Messages</h2><span class="grow"></span>${messages.length > 1 ? this.#foldLinks() : nothing}</div>
      <div class="stack" @dragover=${this.#dragOver} @drop=${this.#dropped} @dragend=${this.#dragEnd}>
        ${repeat(
          messages,
          ({ key }) => key,
          (message, index) => this.#card(message, index),
        )}
      </div>
      ${this.readOnly ? nothing : html`<div>${actionButton({ label: 'Add Message', icon: 'add', run: () => void this.#add() })}</div>`}
      <div class="visually-hidden" role="status">${this.said}</div>`;
  }

  #card(message: DraftMessage, index: number) {
    const { key } = message;
    return html`<pv-message .message=${message} .index=${index} .count=${this.messages.length} .variables=${this.variables}
      .readOnly=${this.readOnly} .folded=${this.folded.has(key)} drop=${this.drop?.key === key ? this.drop.side : nothing}
      @typed=${(event: CustomEvent<string>) => this.#change(`text ${key}`, { ...message, content: event.detail })}
      @role=${(event: CustomEvent<Role>) => this.#change(`role ${key}`, { ...message, role: event.detail })}
      @foldMessage=${() => this.#fold(this.folded.has(key) ? this.#without(key) : [...this.folded, key])}
      @move=${(event: CustomEvent<number>) => void this.#move(key, event.detail)}
      @grab=${() => {
        this.dragged = key;
      }}
      @keydown=${(event: KeyboardEvent) => this.#moveKey(event, key)}
      @remove=${() => this.#edit(`remove ${key}`, without(this.messages, key))}></pv-message>`;
  }

  #foldLinks() {
    const all = this.messages.map(({ key }) => key);
    const open = all.some((key) => !this.folded.has(key));
    return linkButton(open ? 'Collapse all' : 'Expand all', () => this.#fold(open ? all : []));
  }

  #without(key: string) {
    return [...this.folded].filter((one) => one !== key);
  }
  #fold(keys: string[]) {
    emit(this, 'fold', keys);
  }
  #edit(key: string, messages: DraftMessage[]) {
    emit(this, 'messages', { key, messages } satisfies MessagesEdit);
  }
  #change(key: string, message: DraftMessage) {
    this.#edit(key, withMessage(this.messages, message));
  }

  async #add() {
    this.#edit('add', appended(this.messages));
    await this.updateComplete;
    const card = this.#cards.at(-1);
    await card?.updateComplete;
    card?.focus();
  }

  /** The message goes, and the focus goes with it: an element that is put elsewhere loses it. */
  async #move(key: string, by: number) {
    const card = this.#cards.find(({ message }) => message.key === key);
    const focused = card?.shadowRoot?.activeElement;
    const messages = moved(this.messages, key, by);
    this.#edit(`move ${key} ${Date.now()}`, messages);
    const place = messages.findIndex((message) => message.key === key);
    this.said = `${messages[place]?.role} message is now ${place + 1} of ${messages.length}`;
    await this.updateComplete;
    await card?.updateComplete;
    if (focused instanceof HTMLButtonElement && !focused.disabled) focused.focus();
    else card?.focus();
  }

  #moveKey(event: KeyboardEvent, key: string) {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by || !event.altKey || !event.shiftKey || this.readOnly) return;
    event.preventDefault();
    void this.#move(key, by);
  }

  #dragOver(event: DragEvent) {
    if (!this.dragged) return;
    event.preventDefault();
    const card = event.composedPath().find((node) => (node as Element).localName === 'pv-message');
    if (!card) return;
    const { message } = card as MessageCardElement;
    const { top, height } = (card as MessageCardElement).getBoundingClientRect();
    const side = event.clientY < top + height / 2 ? 'before' : 'after';
    if (this.drop?.key !== message.key || this.drop.side !== side) this.drop = { key: message.key, side };
  }

  #dropped(event: DragEvent) {
    if (!this.dragged) return;
    event.preventDefault();
    const { dragged, drop } = this;
    if (drop && drop.key !== dragged)
      this.#edit(`move ${dragged} ${Date.now()}`, movedBeside(this.messages, dragged, drop));
    this.#dragEnd();
  }

  #dragEnd() {
    this.dragged = null;
    this.drop = null;
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: flex; flex-direction: column; gap: 8px; }
      pv-message[drop='before'] { box-shadow: 0 -3px 0 -1px var(--vscode-focusBorder); }
      pv-message[drop='after'] { box-shadow: 0 3px 0 -1px var(--vscode-focusBorder); }
    `,
  ];
}

export type MessagesPaneElement = MessagesPane;
define('pv-messages', MessagesPane);
