import { css, html, LitElement, nothing } from 'lit';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { plural } from '../shared/format.ts';
import { linkButton } from '../shared/pieces.ts';
import { type Samples, withAdded, withName, withNew, withoutSample, withValue } from './samples.ts';
import type { VariableRow } from './variableRows.ts';
import './variablesTable.ts';
import type { VariablesTableElement } from './variablesTable.ts';

/**
 * The variables with their samples and what can be done with these. Fires `samples` (Samples), `samplesFromFile`, `testSamples`
 * and what the table says of variables.
 */
class VariablesPane extends LitElement {
  static override properties = {
    rows: { attribute: false },
    samples: { attribute: false },
    more: { type: Number },
    unknown: { attribute: false },
    readOnly: { type: Boolean },
  };
  declare rows: VariableRow[];
  declare samples: Samples;
  /** Samples kept in the vault beyond those shown. */
  declare more: number;
  declare unknown: string[];
  declare readOnly: boolean;

  /** Puts the cursor into the value that the preview shows of a variable. */
  focusValue(name: string): void {
    this.renderRoot.querySelector<VariablesTableElement>('pv-variables')?.focusValue(name);
  }

  override render() {
    const { samples, rows } = this;
    const set = (next: Samples) => emit(this, 'samples', next);
    const sampleOf = (id: string) => samples.list.find((one) => one.id === id);
    return html`<div class="row">
        <h2>Variables</h2><span class="grow"></span>
        ${
          rows.length === 0
            ? nothing
            : [
                linkButton('Add sample', () => set(withNew(samples))),
                linkButton('Use cases from file…', () => emit(this, 'samplesFromFile')),
                linkButton('Test with these', () => emit(this, 'testSamples')),
              ]
        }
      </div>
      <pv-variables .rows=${rows} .samples=${samples.list} .chosen=${samples.chosen} .unknown=${this.unknown} .readOnly=${this.readOnly}
        @value=${({ detail }: CustomEvent<{ id: string; name: string; value: string }>) => set(withValue(samples, detail))}
        @chooseSample=${({ detail }: CustomEvent<string>) => set({ ...samples, chosen: detail })}
        @renameSample=${({ detail }: CustomEvent<{ id: string; name: string }>) => set(withName(samples, detail.id, detail.name))}
        @copySample=${({ detail }: CustomEvent<string>) => {
          const like = sampleOf(detail);
          if (like) set(withAdded(samples, [{ name: `${like.name} copy`, values: { ...like.values } }]));
        }}
        @removeSample=${({ detail }: CustomEvent<string>) => set(withoutSample(samples, detail))}></pv-variables>
      ${this.more > 0 ? html`<p class="small quiet">${plural(this.more, 'further sample')} in the prompt's dataset; the Lab shows all.</p>` : nothing}`;
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: flex; flex-direction: column; gap: 8px; min-width: 0; }
      .row { gap: 4px 16px; }
    `,
  ];
}

export type VariablesPaneElement = VariablesPane;
define('pv-variables-pane', VariablesPane);
