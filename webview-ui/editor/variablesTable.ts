import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EditorSample } from '../../src/engine/panels.ts';
import type { Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { iconButton, linkButton } from '../shared/pieces.ts';
import './sampleHead.ts';
import { cellText, type VariableRow } from './variableRows.ts';

const fieldOf = (event: Event) => (event.target as HTMLTextAreaElement).value;
type Cell = {
  label: string;
  value: string;
  hint?: string;
  wrong?: boolean;
  readOnly?: boolean;
  typed: (text: string) => void;
};

/**
 * The variables, and their values sample by sample. Fires `value` {id, name, value}, `declare`, `undeclare` (name), `variable`
 * (Variable), `commit`, and what the heads of the samples fire.
 */
class VariablesTable extends LitElement {
  static override properties = {
    rows: { attribute: false },
    samples: { attribute: false },
    chosen: {},
    unknown: { attribute: false },
    readOnly: { type: Boolean },
  };
  declare rows: VariableRow[];
  declare samples: EditorSample[];
  /** The id of the sample that the preview shows. */
  declare chosen: string;
  declare unknown: string[];
  declare readOnly: boolean;

  /** Puts the cursor into the value of a variable in the chosen sample. */
  focusValue(name: string): void {
    const sample = this.samples.find(({ id }) => id === this.chosen)?.name;
    const fields = [...this.renderRoot.querySelectorAll('textarea')];
    fields.find(({ ariaLabel }) => ariaLabel === `Value of ${name} in ${sample}`)?.focus();
  }

  override render() {
    if (this.rows.length === 0)
      return html`<p class="quiet">None yet. Write <code>{{name}}</code> in a message to make one.</p>`;
    return html`<div class="scroll" role="region" aria-label="Variables and samples" tabindex="0" @change=${() => emit(this, 'commit')}>
      <table>
        <thead><tr>
          <th scope="col" class="first">Variable</th><th scope="col">Default</th><th scope="col">Description</th>
          ${repeat(
            this.samples,
            ({ id }) => id,
            (sample) => html`<th scope="col" class=${sample.id === this.chosen ? 'chosen' : ''}>
              <pv-sample-head .sample=${sample} ?chosen=${sample.id === this.chosen} ?only=${this.samples.length === 1}></pv-sample-head></th>`,
          )}
        </tr></thead>
        <tbody>${repeat(
          this.rows,
          ({ name }) => name,
          (row) => this.renderRow(row),
        )}</tbody>
      </table>
    </div>`;
  }

  private renderRow(row: VariableRow) {
    return html`<tr>
      <th scope="row" class="first">${this.renderName(row)}</th>
      ${this.renderDeclaration(row)}
      ${this.samples.map((sample) => html`<td class=${sample.id === this.chosen ? 'chosen' : ''}>${row.state === 'undeclared' ? nothing : this.renderValue(row, sample)}</td>`)}
    </tr>`;
  }

  private renderName({ name, state, variable }: VariableRow) {
    const declared = state === 'used' || state === 'unused';
    const remove = { icon: 'close', label: `Remove ${name}`, run: () => emit(this, 'undeclare', name) };
    return html`<div class="line"><span class="mono ellipsis" title=${variable.description || name}>${name}</span>
      ${declared && !this.readOnly ? iconButton(remove) : nothing}</div>
      ${state === 'unused' ? html`<p class="small quiet">never used</p>` : nothing}
      ${this.unknown.includes(name) ? html`<p class="small problem">Nobody declared this variable.</p>` : nothing}`;
  }

  private renderDeclaration({ name, state, variable }: VariableRow) {
    if (state === 'undeclared')
      return html`<td colspan="2"><p class="small warn"><vscode-icon name="warning" size="14"></vscode-icon><span>Not declared: it stays as typed until it is.
        ${this.readOnly ? nothing : linkButton('Declare', () => emit(this, 'declare', name))}</span></p></td>`;
    if (state === 'new') return html`<td colspan="2"><p class="small quiet">New: saving declares it.</p></td>`;
    const change = (part: Partial<Variable>) => emit(this, 'variable', { ...variable, ...part });
    const { readOnly } = this;
    return html`<td>${this.renderCell({ label: `Default of ${name}`, value: variable.default ?? '', hint: 'none', readOnly, typed: (text) => change({ default: text || undefined }) })}</td>
      <td>${this.renderCell({ label: `Description of ${name}`, value: variable.description ?? '', hint: 'what belongs here', readOnly, typed: (text) => change({ description: text || undefined }) })}</td>`;
  }

  private renderValue({ name, state, variable, missing }: VariableRow, { id, name: sample, values }: EditorSample) {
    const needed = missing && state !== 'new' && id === this.chosen;
    return html`${this.renderCell({
      label: `Value of ${name} in ${sample}`,
      value: cellText(values[name]),
      hint: variable.default === undefined ? 'value' : `default: ${variable.default}`,
      wrong: needed,
      typed: (value) => emit(this, 'value', { id, name, value }),
    })}${needed ? html`<p class="small problem">Needs a value or a default.</p>` : nothing}`;
  }

  private renderCell({ label, value, hint, wrong, readOnly, typed }: Cell) {
    return html`<textarea rows="1" aria-label=${label} title=${label} placeholder=${readOnly ? '' : (hint ?? '')} aria-invalid=${wrong ? 'true' : nothing}
      ?readonly=${readOnly} .value=${value} @input=${(event: Event) => typed(fieldOf(event))}></textarea>`;
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; min-width: 0; }
      .scroll { overflow-x: auto; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; }
      table { width: 100%; border-collapse: collapse; }
      th { font-weight: 600; font-size: 12px; text-align: start; color: var(--vscode-descriptionForeground); }
      th, td { min-width: 130px; padding: 2px 4px; vertical-align: top; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
      tbody tr:last-child > * { border-bottom: none; }
      thead th { padding: 4px 8px; vertical-align: middle; }
      .first { position: sticky; inset-inline-start: 0; z-index: 1; min-width: 110px; max-width: 200px; padding-inline-start: 8px; background: var(--vscode-editor-background); }
      tbody .first { color: var(--vscode-foreground); }
      .line { display: flex; align-items: center; gap: 4px; min-height: 26px; }
      .line .mono { flex: 1; }
      .chosen { background: var(--vscode-list-inactiveSelectionBackground, transparent); }
      thead .chosen { box-shadow: inset 0 2px 0 var(--vscode-focusBorder); }
      textarea { display: block; width: 100%; min-height: 26px; max-height: 160px; padding: 3px 6px; field-sizing: content; resize: none; overflow-wrap: anywhere; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; }
      textarea::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
      textarea[readonly] { background: transparent; }
      textarea[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); }
      .warn { display: flex; align-items: flex-start; gap: 4px; padding: 4px; }
      .warn vscode-icon { color: var(--vscode-editorWarning-foreground); }
      td > .quiet { padding: 4px; }
    `,
  ];
}

export type VariablesTableElement = VariablesTable;
define('pv-variables', VariablesTable);
