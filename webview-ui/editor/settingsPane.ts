import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '../shared/menu.ts';
import { css, html, LitElement, nothing } from 'lit';
import type { ModelInfo } from '../../src/models/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { modelItems } from '../shared/modelItems.ts';
import { linkButton } from '../shared/pieces.ts';
import './jsonEditor.ts';
import { otherView, parseSettings, type SettingsField, type SettingsText } from './settingsForm.ts';

type Field = { name: Exclude<SettingsField, 'json'>; label: string; hint: string; lines?: number };
const short: Field[] = [
  { name: 'temperature', label: 'Temperature', hint: 'default' },
  { name: 'maxTokens', label: 'Max tokens', hint: 'default' },
  { name: 'topP', label: 'Top P', hint: 'default' },
];
const long: Field[] = [
  { name: 'stop', label: 'Stop sequences', hint: 'one per line; \\n is a line end', lines: 2 },
  { name: 'extra', label: 'More settings (JSON)', hint: '{ "seed": 7 }', lines: 3 },
];

/** The settings as a form or as one JSON text. Fires `settings` {key, settings} and `needKey`. */
class SettingsPane extends LitElement {
  static override properties = {
    settings: { attribute: false },
    models: { attribute: false },
    readOnly: { type: Boolean },
  };
  declare settings: SettingsText;
  /** Null until they are known. */
  declare models: ModelInfo[] | null;
  declare readOnly: boolean;

  override render() {
    if (this.settings.json !== null) return this.renderJson(this.settings.json);
    return html`<div class="stack">
      ${this.renderHead('Edit as JSON')}
      ${this.renderModel()}
      <div class="short">${short.map((field) => this.renderField(field))}</div>
      ${long.map((field) => this.renderField(field))}
    </div>`;
  }

  private renderHead(label: string) {
    const other = otherView(this.settings);
    const swap = () => other && emit(this, 'settings', { key: 'view', settings: other });
    return html`<div class="row"><h2>Settings</h2><span class="grow"></span>
      ${other ? linkButton(label, swap) : html`<span class="small quiet">Correct what is marked to change the view</span>`}</div>`;
  }

  private renderJson(json: string) {
    const problem = parseSettings(this.settings).problems.json;
    return html`<div class="stack">
      ${this.renderHead('Edit as form')}
      <pv-json label="All settings as JSON" .text=${json} .readOnly=${this.readOnly}
        @typed=${(event: CustomEvent<string>) => this.change('json', event.detail)}></pv-json>
      ${problem ? html`<p class="small problem" role="alert">${problem}</p>` : nothing}
    </div>`;
  }

  private renderModel() {
    const chosen = this.models?.find(({ name }) => name === this.settings.model);
    const unready = chosen && !chosen.ready ? chosen : null;
    return html`<div>
      <label for="model">Model</label>
      <div class="model">
        ${this.renderInput({ name: 'model', label: 'Model', hint: 'vendor:model, or leave it open' })}
        ${
          this.readOnly
            ? nothing
            : html`<pv-menu kind="icon" icon="chevron-down" label="Choose a model" empty=${this.models ? 'No models: add a key first' : 'Looking for models…'}
          .items=${modelItems(this.models ?? [])} @choose=${(event: CustomEvent<string>) => this.change('model', event.detail)}></pv-menu>`
        }
      </div>
      ${unready ? html`<p class="small quiet">${unready.needs} ${linkButton('Set key…', () => emit(this, 'needKey'))}</p>` : nothing}
    </div>`;
  }

  private renderField(field: Field) {
    const problem = parseSettings(this.settings).problems[field.name];
    return html`<div>
      <label for=${field.name}>${field.label}</label>
      ${field.lines ? this.renderArea(field, problem) : this.renderInput(field, problem)}
      ${problem ? html`<p class="small problem" role="alert">${problem}</p>` : nothing}
    </div>`;
  }

  private renderInput({ name, label, hint }: Field, problem?: string) {
    return html`<vscode-textfield id=${name} .label=${label} placeholder=${this.readOnly ? 'not set' : hint} ?invalid=${Boolean(problem)} ?readonly=${this.readOnly}
      .value=${this.settings[name]} @input=${(event: Event) => this.typed(name, event)}></vscode-textfield>`;
  }

  private renderArea({ name, label, hint, lines }: Field, problem?: string) {
    return html`<vscode-textarea id=${name} .label=${label} placeholder=${this.readOnly ? '' : hint} rows=${lines ?? 2} resize="vertical" monospace
      ?invalid=${Boolean(problem)} ?readonly=${this.readOnly} .value=${this.settings[name]}
      @input=${(event: Event) => this.typed(name, event)}></vscode-textarea>`;
  }

  private typed(name: SettingsField, event: Event) {
    this.change(name, (event.target as HTMLInputElement).value);
  }
  private change(name: SettingsField, text: string) {
    emit(this, 'settings', { key: name, settings: { ...this.settings, [name]: text } });
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; }
      label { display: block; margin-bottom: 2px; font-size: 12px; color: var(--vscode-descriptionForeground); }
      .short { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 8px; }
      .model { display: flex; align-items: center; gap: 4px; }
      .model vscode-textfield { flex: 1; }
      p { margin-top: 2px; }
    `,
  ];
}

define('pv-settings', SettingsPane);
