import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '../shared/menu.ts';
import { html, LitElement, nothing } from 'lit';
import type { ModelChoice } from '../../src/lab/dataTypes.ts';
import type { ModelInfo } from '../../src/models/types.ts';
import type { JsonObject } from '../../src/shared/json.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { modelItems } from '../shared/modelItems.ts';
import { iconButton, linkButton } from '../shared/pieces.ts';
import { columnName, freeLabel, modelOf, settingsOf, withSettings } from './modelChoices.ts';
import { setupStyles } from './setupStyles.ts';

const other = '\0other';

/** The models of a run, each with the settings of its column. Fires `models` (all of them), `addKey` (vendor). */
class ModelsRow extends LitElement {
  static override properties = {
    models: { attribute: false },
    known: { attribute: false },
    naming: { state: true },
    editing: { state: true },
    problem: { state: true },
  };
  declare models: ModelChoice[];
  declare known: readonly ModelInfo[];
  /** A model is being typed by name. */
  declare naming: boolean;
  /** Whose settings are open; -1 for none. */
  declare editing: number;
  declare problem: string | null;

  constructor() {
    super();
    Object.assign(this, { models: [], known: [], naming: false, editing: -1, problem: null });
  }

  override render() {
    const plain = this.models.map(modelOf);
    const toggle = (name: string) =>
      plain.includes(name) ? this.models.filter((one) => modelOf(one) !== name) : [...this.models, name];
    const choose = (event: CustomEvent<string>) => {
      const found = this.known.find(({ name }) => name === event.detail);
      if (event.detail === other) this.naming = true;
      else if (found && !found.ready) emit(this, 'addKey', found.vendor);
      else this.tell(toggle(event.detail));
    };
    const items = [...modelItems(this.known, plain), { value: other, label: 'Another model by name…', icon: 'edit' }];
    return html`<div class="row">${this.models.map((choice, at) => this.renderChip(choice, at))}
      ${this.naming ? this.renderNaming() : nothing}
      <pv-menu kind="icon" icon="add" label="Choose models" .items=${items} @choose=${choose}></pv-menu></div>
      ${this.renderSettings()}`;
  }

  private renderChip(choice: ModelChoice, at: number) {
    const [name, model] = [columnName(choice), modelOf(choice)];
    const unready = this.known.find((one) => one.name === model && !one.ready);
    const edit = () => {
      this.editing = this.editing === at ? -1 : at;
      this.problem = null;
    };
    const remove = () => {
      this.editing = -1;
      this.tell(this.models.filter((_, one) => one !== at));
    };
    return html`<span class="chip" title=${unready?.needs ?? model}>
      ${unready ? html`<vscode-icon name="warning" size="14"></vscode-icon>` : nothing}<span class="ellipsis">${name}</span>
      ${iconButton({ icon: 'settings', label: `Settings of ${name}`, run: edit })}
      ${iconButton({ icon: 'close', label: `Remove ${name}`, run: remove })}</span>
      ${unready ? linkButton('Set key…', () => emit(this, 'addKey', unready.vendor)) : nothing}`;
  }

  private renderSettings() {
    const choice = this.models[this.editing];
    if (choice === undefined) return nothing;
    const value = (event: Event) => (event.target as HTMLInputElement).value.trim();
    const put = (settings: JsonObject, label: string) => {
      this.problem = null;
      this.tell(this.models.map((one, at) => (at === this.editing ? withSettings(one, { settings, label }) : one)));
    };
    const takeSettings = (event: Event) => {
      try {
        const settings = JSON.parse(value(event) || '{}') as JsonObject;
        if (settings === null || typeof settings !== 'object' || Array.isArray(settings)) throw new Error('no object');
        const label = columnName(choice) === modelOf(choice) ? '' : columnName(choice);
        put(settings, label || freeLabel(choice, settings, this.models.map(columnName)));
      } catch {
        this.problem = 'Settings are a JSON object, for example {"temperature": 0.2, "maxTokens": 200}';
      }
    };
    const again = () =>
      this.tell([
        ...this.models,
        withSettings(choice, {
          settings: settingsOf(choice),
          label: freeLabel(choice, settingsOf(choice), this.models.map(columnName)),
        }),
      ]);
    return html`<div class="row settings" role="group" aria-label="Settings of ${columnName(choice)}">
      <label class="field">Column name <vscode-textfield class="naming" .label=${'Column name'} .value=${columnName(choice)}
        @change=${(event: Event) => put(settingsOf(choice), value(event))}></vscode-textfield></label>
      <label class="field">Settings <vscode-textfield class="wide" .label=${'Settings as JSON'} placeholder='{"temperature": 0.2}'
        .value=${Object.keys(settingsOf(choice)).length > 0 ? JSON.stringify(settingsOf(choice)) : ''} @change=${takeSettings}></vscode-textfield></label>
      ${linkButton('Add the model once more', again)}
      ${this.problem ? html`<span class="problem" role="alert">${this.problem}</span>` : nothing}</div>`;
  }

  private renderNaming() {
    const done = (event: Event) => {
      const name = (event.target as HTMLInputElement).value.trim();
      this.naming = false;
      if (name && !this.models.includes(name)) this.tell([...this.models, name]);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Enter') done(event);
      if (event.key === 'Escape') this.naming = false;
    };
    return html`<vscode-textfield class="naming" autofocus .label=${'Model as vendor:model'} placeholder="vendor:model, Enter" @change=${done} @keydown=${key}></vscode-textfield>`;
  }

  private tell(models: ModelChoice[]) {
    emit(this, 'models', models);
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-models', ModelsRow);
