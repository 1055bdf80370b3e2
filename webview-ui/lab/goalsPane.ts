import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html, LitElement } from 'lit';
import type { Thresholds } from '../../src/lab/dataTypes.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { setupStyles } from './setupStyles.ts';
import { goalFields, goalsText, withGoal } from './setupValues.ts';

/** What the whole run must reach. Fires `setup` with the thresholds. */
class GoalsPane extends LitElement {
  static override properties = { thresholds: { attribute: false } };
  declare thresholds: Thresholds;

  override render() {
    return html`<details>
      <summary>${goalsText(this.thresholds)}</summary>
      <div class="row inside-row">${goalFields.map(({ name, label, said, shown }) => {
        const value = this.thresholds[name];
        const changed = (event: Event) => {
          // The next field may change before the page has drawn this one.
          this.thresholds = withGoal(this.thresholds, name, (event.target as HTMLInputElement).value);
          emit(this, 'setup', { thresholds: this.thresholds });
        };
        return html`<label class="field">${label} <vscode-textfield class="short" .label=${said} placeholder="any"
          .value=${value === undefined ? '' : shown(value)} @change=${changed}></vscode-textfield></label>`;
      })}</div>
    </details>`;
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-goals', GoalsPane);
