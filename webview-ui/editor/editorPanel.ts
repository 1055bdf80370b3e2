import './detailsPane.ts';
import './editorHeader.ts';
import './messageCard.ts';
import './previewPane.ts';
import './settingsPane.ts';
import './variablesTable.ts';
import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EditorAction, EditorContract } from '../../src/engine/panels.ts';
import type { JsonObject } from '../../src/shared/json.ts';
import type { Role, Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { connectToHost } from '../shared/connection.ts';
import { debounce } from '../shared/debounce.ts';
import { define } from '../shared/define.ts';
import '../shared/splitter.ts';
import { actionButton } from '../shared/pieces.ts';
import { readState, writeState } from '../shared/vscodeApi.ts';
import { contentOf, type Draft, type DraftMessage } from './draft.ts';
import { needsSaved } from './editorActions.ts';
import { editorBars, editorState } from './editorBars.ts';
import { createEditorStore, type EditorView, type Restore } from './editorStore.ts';
import { editorStyles } from './editorStyles.ts';
import type { MessageCardElement } from './messageCard.ts';
import { appended, moved, withMessage, without } from './messageList.ts';
import { createPreview, type PreviewInput, type PreviewView } from './preview.ts';
import type { SettingsText } from './settingsForm.ts';
import { createTryOut } from './tryOut.ts';
import { insideText, undoKey } from './undoKeys.ts';
import { givenValues, variableRows, withNewDeclarations } from './variableRows.ts';

/** The preview below: its share of the window's height in percent. */
type Dock = { size: number; folded: boolean };
type PageState = Restore & { dock?: Dock };

/** The page of one prompt version. Owns nothing but the screen: the store holds the draft, the host the truth. */
class EditorPanel extends LitElement {
  static override properties = { preview: { state: true }, values: { state: true }, dock: { state: true } };
  declare preview: PreviewView | null;
  declare values: JsonObject;
  declare dock: Dock;

  readonly #client = connectToHost<EditorContract>();
  readonly #store = createEditorStore(this.#client, (view) => this.#viewChanged(view));
  readonly #preview = createPreview(this.#client, (preview) => {
    this.preview = preview;
  });
  readonly #try = createTryOut(this.#client, () => this.requestUpdate());
  readonly #remember = debounce(500, () => this.#ignore(this.#client.call.rememberValues({ values: this.values })));

  constructor() {
    super();
    this.preview = null;
    this.values = {};
    this.dock = { size: 30, folded: false, ...readState<PageState>()?.dock };
  }

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', (event) => this.#key(event));
    void this.#open();
  }

  async #open() {
    await this.#store.load(readState<PageState>());
    const remembered = await this.#client.call.values({}).catch(() => ({}));
    // What was typed while they were on their way wins.
    this.values = { ...remembered, ...this.values };
    this.#refreshPreview();
  }

  #viewChanged({ state, phase }: EditorView) {
    if (state && phase === 'ready') {
      const { vault, version } = state;
      writeState<PageState>({ vault, path: version.path, version: version.version, dock: this.dock });
    }
    this.#refreshPreview();
    this.requestUpdate();
  }

  #setDock(change: Partial<Dock>) {
    this.dock = { ...this.dock, ...change };
    this.#viewChanged(this.#store.view);
  }

  #refreshPreview() {
    const input = this.#input;
    if (input) this.#preview.request(input);
  }

  /** What a render or a try is asked with: the draft as a save would store it. */
  get #input(): PreviewInput | null {
    const { draft, base } = this.#store.view;
    if (!draft || !base) return null;
    const variables = withNewDeclarations({
      messages: draft.messages,
      stored: base.messages,
      variables: draft.variables,
    });
    const content = { ...contentOf(draft), variables };
    return { content, values: givenValues(variables, this.values), model: draft.settings.model || 'echo:echo' };
  }

  #ignore(call: Promise<unknown>) {
    call.catch((error: unknown) => this.#store.report(error));
  }

  #key(event: KeyboardEvent) {
    const meaning = undoKey(event);
    if (!meaning || this.#store.view.phase !== 'ready') return;
    if (meaning === 'save') {
      event.preventDefault();
      void this.#store.save();
      return;
    }
    // VS Code would undo a second time if the key went on to it.
    event.stopPropagation();
    if (insideText(event.composedPath())) return;
    event.preventDefault();
    this.#store[meaning]();
  }

  async #act(action: EditorAction | 'edit' | 'save' | 'unsaved') {
    const { draft, dirty } = this.#store.view;
    if (action === 'edit') this.renderRoot.querySelector<MessageCardElement>('pv-message')?.focus();
    else if (action === 'save') await this.#store.save();
    else if (action === 'unsaved') {
      if (draft) this.#ignore(this.#client.call.compareUnsaved({ content: contentOf(draft) }));
    } else if (!(dirty && needsSaved.has(action)) || (await this.#store.save())) this.#ignore(this.#run(action));
  }

  async #run(action: EditorAction) {
    await this.#client.call.run({ action });
    if (action === 'addKey') await this.#store.refresh();
  }

  override render() {
    const { view } = this.#store;
    const whole = editorState(view, { retry: () => void this.#open(), showLog: () => void this.#act('showLog') });
    if (whole) return whole;
    const { state, draft } = view;
    if (!state || !draft) return nothing;
    return html`
      <pv-editor-header .state=${state} .dirty=${view.dirty} .saving=${view.saving} .saveProblem=${this.#store.saveProblem()}
        .canUndo=${this.#store.canUndo()} .canRedo=${this.#store.canRedo()}
        @act=${(event: CustomEvent<EditorAction>) => void this.#act(event.detail)}
        @undo=${() => this.#store.undo()} @redo=${() => this.#store.redo()}
        @openVersion=${(event: CustomEvent<string>) => this.#ignore(this.#client.call.openVersion({ version: event.detail }))}></pv-editor-header>
      ${editorBars(view, {
        compare: () => void this.#act('unsaved'),
        overwrite: () => void this.#store.overwrite(),
        reload: () => void this.#open(),
        createVersion: () => void this.#act('createVersion'),
        showLog: () => void this.#act('showLog'),
        dismiss: () => this.#store.dismiss(),
      })}
      <main class="columns">
        <div class="stack messages" @needKey=${() => void this.#act('addKey')}>
          ${this.#renderMessages(draft)}
        </div>
        <aside class="stack" aria-label="Variables, settings and details">${this.#renderSide(draft)}</aside>
      </main>
      <section class="preview" aria-label="Preview" .style=${this.dock.folded ? '' : `--dock: ${this.dock.size}`}>
          ${this.dock.folded ? nothing : html`<pv-splitter label="Height of the preview" .size=${this.dock.size} @resize=${(event: CustomEvent<number>) => this.#setDock({ size: event.detail })}></pv-splitter>`}
          <pv-preview .folded=${this.dock.folded} @fold=${() => this.#setDock({ folded: !this.dock.folded })} .preview=${this.preview} .attempt=${this.#try.view} .model=${this.#input?.model ?? ''}
            @try=${() => this.#startTry()} @cancelTry=${() => this.#try.cancel()}
            @needKey=${() => void this.#act('addKey')} @showLog=${() => void this.#act('showLog')}></pv-preview>
      </section>`;
  }

  get #readOnly() {
    return Boolean(this.#store.view.state?.readOnlyReason);
  }

  #renderMessages({ messages, variables }: Draft) {
    const change = (key: string, message: DraftMessage) =>
      this.#store.edit(key, { messages: withMessage(messages, message) });
    const card = (
      message: DraftMessage,
      index: number,
    ) => html`<pv-message .message=${message} .index=${index} .count=${messages.length}
      .variables=${variables} .readOnly=${this.#readOnly}
      @typed=${(event: CustomEvent<string>) => change(`text ${message.key}`, { ...message, content: event.detail })}
      @role=${(event: CustomEvent<Role>) => change(`role ${message.key}`, { ...message, role: event.detail })}
      @move=${(event: CustomEvent<number>) => this.#move(message.key, event.detail)}
      @keydown=${(event: KeyboardEvent) => this.#moveKey(event, message.key)}
      @remove=${() => this.#store.edit(`remove ${message.key}`, { messages: without(messages, message.key) })}></pv-message>`;
    return html`<h2>Messages</h2>
      ${repeat(messages, ({ key }) => key, card)}
      ${this.#readOnly ? nothing : html`<div>${actionButton({ label: 'Add Message', icon: 'add', run: () => void this.#addMessage() })}</div>`}`;
  }

  #renderSide(draft: Draft) {
    const { state, base } = this.#store.view;
    const { variables, messages } = draft;
    const readOnly = this.#readOnly;
    const setVariables = (key: string, next: Variable[]) => this.#store.edit(key, { variables: next });
    return html`
      <h2>Variables</h2>
      <pv-variables .rows=${variableRows({ messages, stored: base?.messages ?? [], variables, values: this.values })} .unknown=${this.preview?.unknown ?? []} .readOnly=${readOnly}
        @value=${(event: CustomEvent<{ name: string; value: string }>) => this.#setValue(event.detail)}
        @declare=${(event: CustomEvent<string>) => setVariables('declare', [...variables, { name: event.detail }])}
        @undeclare=${(event: CustomEvent<string>) =>
          setVariables(
            'undeclare',
            variables.filter(({ name }) => name !== event.detail),
          )}
        @variable=${(event: CustomEvent<Variable>) =>
          setVariables(
            `variable ${event.detail.name}`,
            variables.map((one) => (one.name === event.detail.name ? event.detail : one)),
          )}></pv-variables>
      <h2>Settings</h2>
      <pv-settings .settings=${draft.settings} .models=${state?.models ?? []} .readOnly=${readOnly} @needKey=${() => void this.#act('addKey')}
        @setting=${({ detail }: CustomEvent<{ name: keyof SettingsText; text: string }>) => this.#store.edit(`setting ${detail.name}`, { settings: { ...draft.settings, [detail.name]: detail.text } })}></pv-settings>
      <h2>Rationale</h2>
      ${this.#renderDetails(draft, 'rationale')}
      <h2>Prompt</h2>
      ${this.#renderDetails(draft, 'prompt')}`;
  }

  #renderDetails(draft: Draft, part: 'prompt' | 'rationale') {
    return html`<pv-details section=${part} .draft=${draft} .readOnly=${this.#readOnly}
      @detail=${({ detail }: CustomEvent<Partial<Draft>>) => this.#store.edit(Object.keys(detail).join(), detail)}></pv-details>`;
  }

  #setValue({ name, value }: { name: string; value: string }) {
    this.values = { ...this.values, [name]: value };
    this.#remember.request();
    this.#refreshPreview();
  }

  #startTry() {
    const input = this.#input;
    if (input) void this.#try.start(input);
  }

  async #addMessage() {
    const { draft } = this.#store.view;
    if (draft) this.#store.edit('add', { messages: appended(draft.messages) });
    await this.updateComplete;
    const cards = this.renderRoot.querySelectorAll<MessageCardElement>('pv-message');
    await cards[cards.length - 1]?.updateComplete;
    cards[cards.length - 1]?.focus();
  }

  #move(key: string, by: number) {
    const { draft } = this.#store.view;
    if (draft) this.#store.edit(`move ${key} ${Date.now()}`, { messages: moved(draft.messages, key, by) });
  }

  #moveKey(event: KeyboardEvent, key: string) {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by || !event.altKey || !event.shiftKey || this.#readOnly) return;
    event.preventDefault();
    this.#move(key, by);
  }

  static override styles = [baseStyles, editorStyles];
}

define('pv-editor', EditorPanel);
