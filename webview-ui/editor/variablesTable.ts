import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { iconButton, linkButton } from '../shared/pieces.ts';
import type { VariableRow } from './variableRows.ts';

const fieldOf = (event: Event) => (event.target as HTMLInputElement).value;

/** The variables with their try-out values. Fires `value` {name, value}, `declare`, `undeclare` (name) and `variable` (Variable). */
class VariablesTable extends LitElement {
  static override properties = {
    rows: { attribute: false },
    unknown: { attribute: false },
    readOnly: { type: Boolean },
    opened: { state: true },
  };
  declare rows: VariableRow[];
  declare unknown: string[];
  declare readOnly: boolean;
  declare opened: ReadonlySet<string>;

  constructor() {
    super();
    this.opened = new Set();
  }

  override render() {
    if (this.rows.length === 0)
      return html`<p class="quiet">None yet. Write <code>{{name}}</code> in a message to make one.</p>`;
    return html`<ul class="stack">
      ${repeat(
        this.rows,
        ({ name }) => name,
        (row) => this.renderRow(row),
      )}
    </ul>`;
  }

  private renderRow(row: VariableRow) {
    const { name, state } = row;
    const declared = state === 'used' || state === 'unused';
    const open = declared && this.opened.has(name);
    return html`<li>
      <div class="line">
        <span class="name mono ellipsis" title=${row.variable.description || name}>${name}</span>
        ${declared ? this.renderTools(row, open) : this.renderUndeclared(name)}
      </div>
      ${state === 'undeclared' ? nothing : this.renderValue(row)}
      ${this.renderHint(row)}
      ${open ? this.renderMore(row) : nothing}
    </li>`;
  }

  private renderUndeclared(name: string) {
    if (this.readOnly) return nothing;
    return linkButton('Declare', () => emit(this, 'declare', name));
  }

  private renderTools({ name, state }: VariableRow, open: boolean) {
    const more = { icon: open ? 'chevron-up' : 'chevron-down', label: `Default and description of ${name}` };
    const remove = { icon: 'close', label: `Remove ${name}`, run: () => emit(this, 'undeclare', name) };
    return html`${state === 'unused' ? html`<span class="quiet small">never used</span>` : nothing}
      <button class="icon" type="button" title=${more.label} aria-label=${more.label} aria-expanded=${open} @click=${() => this.toggle(name)}>
        <vscode-icon name=${more.icon}></vscode-icon>
      </button>
      ${this.readOnly ? nothing : iconButton(remove)}`;
  }

  private renderValue({ name, state, value, variable, missing }: VariableRow) {
    const hint = variable.default === undefined ? 'try-out value' : `default: ${variable.default}`;
    return html`<vscode-textfield
      .label=${`Try-out value of ${name}`}
      placeholder=${hint}
      ?invalid=${missing && state !== 'new'}
      .value=${value}
      @input=${(event: Event) => emit(this, 'value', { name, value: fieldOf(event) })}
    ></vscode-textfield>`;
  }

  private renderHint({ name, state, missing }: VariableRow) {
    if (state === 'undeclared')
      return html`<p class="small warn"><vscode-icon name="warning" size="14"></vscode-icon> Not declared: it stays as typed until it is.</p>`;
    if (state === 'new')
      return html`<p class="small quiet">New: saving declares it.${missing ? ' Give it a value to see it in the preview.' : ''}</p>`;
    if (this.unknown.includes(name)) return html`<p class="small problem">Nobody declared this variable.</p>`;
    return missing ? html`<p class="small problem">Needs a value or a default.</p>` : nothing;
  }

  private renderMore({ name, variable }: VariableRow) {
    const change = (part: Partial<Variable>) => emit(this, 'variable', { ...variable, ...part });
    return html`<div class="more">
      <label for="default-${name}">Default</label>
      <vscode-textfield id="default-${name}" .label=${`Default of ${name}`} placeholder="none: a value is required" ?readonly=${this.readOnly}
        .value=${variable.default ?? ''} @input=${(event: Event) => change({ default: fieldOf(event) || undefined })}></vscode-textfield>
      <label for="about-${name}">Description</label>
      <vscode-textfield id="about-${name}" .label=${`Description of ${name}`} placeholder="what belongs here" ?readonly=${this.readOnly}
        .value=${variable.description ?? ''} @input=${(event: Event) => change({ description: fieldOf(event) || undefined })}></vscode-textfield>
    </div>`;
  }

  private toggle(name: string) {
    const opened = new Set(this.opened);
    if (!opened.delete(name)) opened.add(name);
    this.opened = opened;
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; }
      ul { list-style: none; }
      .line { display: flex; align-items: center; gap: 4px; min-height: 24px; }
      .name { flex: 1; font-weight: 600; }
      .warn { display: flex; align-items: center; gap: 4px; color: var(--vscode-editorWarning-foreground); }
      .more { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 4px 8px; margin-top: 4px; }
      .more label { font-size: 12px; color: var(--vscode-descriptionForeground); }
      p { margin-top: 2px; }
    `,
  ];
}

define('pv-variables', VariablesTable);
