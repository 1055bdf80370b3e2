import './detailsPane.ts';
import './editorHeader.ts';
import './messagesPane.ts';
import './previewPane.ts';
import './settingsPane.ts';
import { html, LitElement, nothing } from 'lit';
import type { EditorAction, EditorContract, EditorState } from '../../src/engine/panels.ts';
import type { ModelInfo } from '../../src/models/types.ts';
import type { Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { connectToHost } from '../shared/connection.ts';
import { define } from '../shared/define.ts';
import { painted, takeEmbeddedState, whenFocused } from '../shared/page.ts';
import '../shared/splitter.ts';
import { contentOf, type Draft } from './draft.ts';
import { needsSaved } from './editorActions.ts';
import { editorBars, editorState } from './editorBars.ts';
import { createEditorStore, type EditorView } from './editorStore.ts';
import { editorStyles } from './editorStyles.ts';
import { loadTextEditors } from './loadTextEditors.ts';
import type { MessagesEdit, MessagesPaneElement } from './messagesPane.ts';
import { createPageKeeper, type Dock, keptPage } from './pageKeeper.ts';
import { createPreview, type PreviewView } from './preview.ts';
import { modelOf, previewInput } from './previewInput.ts';
import { createSampleStore } from './sampleStore.ts';
import { chosenName, chosenValues, type Samples } from './samples.ts';
import type { SettingsText } from './settingsForm.ts';
import { createTryOut } from './tryOut.ts';
import { insideText, mayLeave, undoKey } from './undoKeys.ts';
import { variableRows } from './variableRows.ts';
import './variablesPane.ts';
import type { VariablesPaneElement } from './variablesPane.ts';

/** The page of one prompt version. Owns nothing but the screen: the store holds the draft, the host the truth. */
class EditorPanel extends LitElement {
  static override properties = {
    preview: { state: true },
    folded: { state: true },
    dock: { state: true },
    models: { state: true },
    whole: { state: true },
  };
  declare preview: PreviewView | null;
  /** Keys of the messages that show their head only. */
  declare folded: ReadonlySet<string>;
  declare dock: Dock;
  /** Null until they are known. */
  declare models: ModelInfo[] | null;
  /** False until the text has been painted: what stands beside and below it is made after that. */
  declare whole: boolean;

  readonly #client = connectToHost<EditorContract>();
  readonly #store = createEditorStore(this.#client, (view) => this.#viewChanged(view));
  readonly #preview = createPreview(this.#client, (preview) => {
    this.preview = preview;
  });
  readonly #try = createTryOut(this.#client, () => this.requestUpdate());
  readonly #samples = createSampleStore(this.#client, {
    changed: () => {
      this.#refreshPreview();
      this.requestUpdate();
    },
    failed: (error) => this.#store.report(error),
  });

  constructor() {
    super();
    this.preview = null;
    this.models = null;
    this.whole = false;
    this.folded = new Set();
    this.dock = { size: 30, folded: false, ...keptPage()?.dock };
  }

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', (event) => this.#key(event));
    window.addEventListener('blur', () => this.#keepNow());
    this.#client.on('shown', (state) => {
      this.#samples.flush();
      this.#store.show(state);
      this.folded = new Set();
      void this.#samples.load();
      this.#ignore(this.#loadModels());
    });
    this.#client.on('keysChanged', () => this.#ignore(this.#loadModels()));
    void this.#open(takeEmbeddedState<EditorState>());
  }

  async #open(early: EditorState | null = null) {
    const before = keptPage();
    const samples = this.#samples.load();
    const loading = this.#store.load(before, early);
    const refold = () => {
      const messages = this.#store.view.draft?.messages ?? [];
      this.#fold((before?.folded ?? []).flatMap((place) => messages[place]?.key ?? []));
    };
    if (early) refold();
    await loading;
    if (!early || early.version !== this.#store.view.state?.version) refold();
    this.#beginWriting();
    this.#ignore(this.#loadModels());
    await samples;
  }

  /** Nobody needs them to see the prompt or to type, and looking for them keeps VS Code busy. */
  async #loadModels() {
    await loadTextEditors().catch(() => undefined);
    this.models = await this.#client.call.models({});
  }

  /** Whoever has just made a prompt writes on at once. */
  #beginWriting() {
    const { draft } = this.#store.view;
    if (!draft || this.#readOnly || draft.messages.some(({ content }) => content !== '')) return;
    whenFocused(async () => {
      await this.updateComplete;
      if (document.activeElement === document.body) void this.#act('edit');
    });
  }

  #viewChanged({ state, phase }: EditorView) {
    if (state && phase === 'ready') this.#keepPageState();
    this.#refreshPreview();
    this.requestUpdate();
  }

  readonly #keepState = createPageKeeper();
  #keepPageState() {
    this.#keepState(this.#store.view, this);
  }

  #fold(keys: string[]) {
    this.folded = new Set(keys);
    this.#keepPageState();
  }

  #setDock(change: Partial<Dock>) {
    this.dock = { ...this.dock, ...change };
    this.#viewChanged(this.#store.view);
  }

  #refreshPreview() {
    this.#preview.request(() => this.#input);
  }

  get #input() {
    return previewInput(this.#store.view, this.#samples.samples);
  }

  readonly #failed = ({ detail }: CustomEvent<unknown>) => this.#store.report(detail);

  #ignore(call: Promise<unknown>) {
    call.catch((error: unknown) => this.#store.report(error));
  }

  /** Whoever leaves the panel, by mouse or by a key, may be about to close it. */
  #keepNow() {
    this.#store.keepNow();
    this.#samples.flush();
  }

  #key(event: KeyboardEvent) {
    if (mayLeave(event)) this.#keepNow();
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
    if (action === 'edit') this.renderRoot.querySelector<MessagesPaneElement>('pv-messages')?.focus();
    else if (action === 'save') await this.#store.save();
    else if (action === 'unsaved') {
      if (draft) this.#ignore(this.#client.call.compareUnsaved({ content: contentOf(draft) }));
    } else if (!(dirty && needsSaved.has(action)) || (await this.#store.save()))
      this.#ignore(this.#client.call.run({ action }));
  }

  #textShown = false;
  protected override updated() {
    if (this.#textShown || this.#store.view.phase !== 'ready') return;
    this.#textShown = true;
    void painted().then(() => {
      this.whole = true;
    });
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
        @label=${(event: CustomEvent<{ add?: string; remove?: string }>) => this.#ignore(this.#client.call.label(event.detail))}
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
          ${this.#renderMain(draft)}
        </div>
        <aside class="stack" aria-label="Settings and details">${this.whole ? this.#renderSide(draft) : nothing}</aside>
      </main>
      <section class="preview" aria-label="Preview" .style=${this.dock.folded ? '' : `--dock: ${this.dock.size}`}>
          ${this.whole ? this.#renderPreview(draft) : nothing}
      </section>`;
  }

  #renderPreview(draft: Draft) {
    return html`
          ${this.dock.folded ? nothing : html`<pv-splitter label="Height of the preview" .size=${this.dock.size} @resize=${(event: CustomEvent<number>) => this.#setDock({ size: event.detail })}></pv-splitter>`}
          <pv-preview .folded=${this.dock.folded} @fold=${() => this.#setDock({ folded: !this.dock.folded })} .preview=${this.preview} .attempt=${this.#try.view} .model=${modelOf(draft)} .sample=${chosenName(this.#samples.samples)}
            @giveValue=${(event: CustomEvent<string>) => this.renderRoot.querySelector<VariablesPaneElement>('pv-variables-pane')?.focusValue(event.detail)}
            @try=${() => void this.#try.start(this.#input)} @cancelTry=${() => this.#try.cancel()}
            @needKey=${() => void this.#act('addKey')} @showLog=${() => void this.#act('showLog')}></pv-preview>`;
  }

  get #readOnly() {
    return Boolean(this.#store.view.state?.readOnlyReason);
  }

  readonly #setVariables = (key: string, variables: Variable[]) => this.#store.edit(key, { variables });
  readonly #declare = ({ detail: name }: CustomEvent<string>) =>
    this.#setVariables('declare', [...(this.#store.view.draft?.variables ?? []), { name }]);

  #renderMain(draft: Draft) {
    return html`
      <pv-messages @failed=${this.#failed} .messages=${draft.messages} .variables=${draft.variables} .readOnly=${this.#readOnly} .folded=${this.folded} @declare=${this.#declare}
        @fold=${(event: CustomEvent<string[]>) => this.#fold(event.detail)}
        @messages=${({ detail }: CustomEvent<MessagesEdit>) => this.#store.edit(detail.key, { messages: detail.messages })}></pv-messages>
      ${this.whole ? this.#renderVariables(draft) : nothing}`;
  }

  #renderVariables({ messages, variables }: Draft) {
    const { base } = this.#store.view;
    const { samples, more } = this.#samples;
    return html`<pv-variables-pane .rows=${variableRows({ messages, stored: base?.messages ?? [], variables, values: chosenValues(samples) })}
        .samples=${samples} .more=${more} .unknown=${this.preview?.unknown ?? []} .readOnly=${this.#readOnly} @declare=${this.#declare}
        @samples=${(event: CustomEvent<Samples>) => this.#samples.set(event.detail)} @commit=${() => this.#samples.flush()}
        @testSamples=${() => this.#ignore(this.#samples.store().then(() => this.#act('testSamples')))}
        @samplesFromFile=${() => this.#ignore(this.#samples.addFromFile())}
        @undeclare=${(event: CustomEvent<string>) =>
          this.#setVariables(
            'undeclare',
            variables.filter(({ name }) => name !== event.detail),
          )}
        @variable=${(event: CustomEvent<Variable>) =>
          this.#setVariables(
            `variable ${event.detail.name}`,
            variables.map((one) => (one.name === event.detail.name ? event.detail : one)),
          )}></pv-variables-pane>`;
  }

  #renderSide(draft: Draft) {
    const readOnly = this.#readOnly;
    return html`
      <pv-settings @failed=${this.#failed} .settings=${draft.settings} .models=${this.models} .readOnly=${readOnly} @needKey=${() => void this.#act('addKey')}
        @settings=${({ detail }: CustomEvent<{ key: string; settings: SettingsText }>) => this.#store.edit(`setting ${detail.key}`, { settings: detail.settings })}></pv-settings>
      <h2>Rationale</h2>
      ${this.#renderDetails(draft, 'rationale')}
      <h2>Prompt</h2>
      ${this.#renderDetails(draft, 'prompt')}`;
  }

  #renderDetails(draft: Draft, part: 'prompt' | 'rationale') {
    return html`<pv-details section=${part} .draft=${draft} .readOnly=${this.#readOnly}
      @detail=${({ detail }: CustomEvent<Partial<Draft>>) => this.#store.edit(Object.keys(detail).join(), detail)}></pv-details>`;
  }

  static override styles = [baseStyles, editorStyles];
}

define('pv-editor', EditorPanel);
