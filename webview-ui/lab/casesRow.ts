import { html, LitElement, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { LabCases, LabSetup, LabState } from '../../src/engine/panels.ts';
import type { Variable } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import type { Failure } from '../shared/errorText.ts';
import { linkButton } from '../shared/pieces.ts';
import { caseMapping, casesText, mappingWith } from './caseMapping.ts';
import { setupStyles } from './setupStyles.ts';

const other = '\0other';
const imported = '\0import';

/** The test data of a run and how it fills the variables. Fires `setup`, `mapping`, `pickCases`, `importDataset`, `editCases` (name or empty). */
class CasesRow extends LitElement {
  static override properties = {
    setup: { attribute: false },
    state: { attribute: false },
    cases: { attribute: false },
    failure: { attribute: false },
    variables: { attribute: false },
  };
  declare setup: LabSetup;
  declare state: LabState;
  declare cases: LabCases | null;
  declare failure: Failure | null;
  declare variables: readonly Variable[];

  override render() {
    const { casesFile, dataset } = this.setup;
    const files = [...new Set([...(casesFile ? [casesFile] : []), ...this.state.caseFiles])];
    const datasets = [...new Set([...(dataset ? [dataset] : []), ...this.state.datasets])];
    const readOnly = this.state.readOnlyReason;
    return html`<div class="row"><select id="cases" class="select" aria-label="Cases" @change=${this.choose}>
        <option value="" .selected=${live(!casesFile && !dataset)}>(no cases)</option>
        ${datasets.length > 0 ? html`<optgroup label="Datasets">${datasets.map((name) => html`<option value="dataset:${name}" .selected=${live(name === dataset)}>${name}</option>`)}</optgroup>` : nothing}
        ${files.length > 0 ? html`<optgroup label="Files">${files.map((file) => html`<option value=${file} .selected=${live(file === casesFile)}>${file}</option>`)}</optgroup>` : nothing}
        <option value=${other}>Choose a file…</option>
        ${readOnly ? nothing : html`<option value=${imported}>Import a file as dataset…</option>`}
      </select>
      ${readOnly ? nothing : linkButton(dataset ? 'Edit cases' : 'New dataset', () => emit(this, 'editCases', dataset ?? ''))}
      ${this.renderFacts()}</div>`;
  }

  private choose(event: Event) {
    const select = event.target as HTMLSelectElement;
    const { value } = select;
    const { casesFile, dataset } = this.setup;
    if (value === other || value === imported) {
      select.value = dataset ? `dataset:${dataset}` : (casesFile ?? '');
      return emit(this, value === other ? 'pickCases' : 'importDataset');
    }
    const name = value.startsWith('dataset:') ? value.slice('dataset:'.length) : null;
    emit(this, 'setup', { dataset: name, casesFile: name === null ? value || null : null });
  }

  private renderFacts() {
    if (this.failure) return html`<span class="problem">${this.failure.message}</span>`;
    const { cases, setup } = this;
    if (!cases || (!setup.casesFile && !setup.dataset)) return nothing;
    const mapping = caseMapping(cases.columns, this.variables, setup.mapping ?? cases.mapping);
    const whole = setup.mapping !== null || cases.mapping !== null;
    return html`<span class="quiet">${casesText(cases, mapping)}</span>
      ${mapping.variables.map(
        ({ name, column, required }) => html`<label class="field mapping"><span class="mono">{{${name}}}</span>
        <select class="select" aria-label="Column for ${name}" @change=${(event: Event) => emit(this, 'mapping', mappingWith(mapping, { [name]: (event.target as HTMLSelectElement).value }))}>
          ${column === null ? html`<option value="" selected disabled>${required ? 'no column' : 'its default'}</option>` : nothing}
          ${mapping.columns.map((one) => html`<option value=${one} .selected=${live(one === column)}>${one}</option>`)}
        </select></label>`,
      )}
      ${mapping.missing.length > 0 ? html`<span class="warn"><vscode-icon name="warning" size="14"></vscode-icon>no column for ${mapping.missing.join(', ')}</span>` : nothing}
      ${mapping.unused.length > 0 ? html`<span class="quiet">not used: ${mapping.unused.join(', ')}${whole ? nothing : html` · ${linkButton('Leave out', () => emit(this, 'mapping', mappingWith(mapping)))}`}</span>` : nothing}`;
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-cases', CasesRow);
