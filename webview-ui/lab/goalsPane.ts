import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { html, LitElement } from 'lit';
import type { Thresholds } from '../../src/lab/dataTypes.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { setupStyles } from './setupStyles.ts';
import { goalFields, goalsText, type MetricField, metricFields, withGoal, withMetricGoal } from './setupValues.ts';

type Field = { label: string; said: string; shown: string; with(thresholds: Thresholds, text: string): Thresholds };

/** What the whole run must reach, and each metric that checks name. Fires `setup` with the thresholds. */
class GoalsPane extends LitElement {
  static override properties = { thresholds: { attribute: false }, metrics: { attribute: false } };
  declare thresholds: Thresholds;
  /** What the checks of the setup name as their metric. */
  declare metrics: readonly string[];

  override render() {
    const metrics = metricFields(this.thresholds, this.metrics);
    return html`<details>
      <summary>${goalsText(this.thresholds)}</summary>
      <div class="row inside-row">${goalFields.map(({ name, label, said, shown }) => {
        const value = this.thresholds[name];
        const put = (thresholds: Thresholds, text: string) => withGoal(thresholds, name, text);
        return this.renderField({ label, said, shown: value === undefined ? '' : shown(value), with: put });
      })}</div>
      ${
        metrics.length > 0
          ? html`<div class="row inside-row" role="group" aria-label="Metrics"><span class="quiet small">Metrics</span>${metrics.map((one) => this.renderMetric(one))}</div>`
          : html`<p class="quiet small">Checks that name a metric, as in {"type": "llm-rubric", "value": "is polite", "metric": "tone"}, can have a goal of their own.</p>`
      }
    </details>`;
  }

  private renderMetric({ metric, value, given }: MetricField) {
    const field = this.renderField({
      ...{ label: `${metric} ≥`, said: `Mean score of ${metric} at least, from 0 to 1` },
      shown: value === undefined ? '' : String(value),
      with: (thresholds, text) => withMetricGoal(thresholds, metric, text),
    });
    return given
      ? field
      : html`<span class="warn">${field}<vscode-icon name="warning" aria-hidden="true"></vscode-icon><span class="quiet small">no check gives it</span></span>`;
  }

  private renderField({ label, said, shown, with: put }: Field) {
    const changed = (event: Event) => {
      // The next field may change before the page has drawn this one.
      this.thresholds = put(this.thresholds, (event.target as HTMLInputElement).value);
      emit(this, 'setup', { thresholds: this.thresholds });
    };
    return html`<label class="field">${label} <vscode-textfield class="short" .label=${said} placeholder="any"
      .value=${shown} @change=${changed}></vscode-textfield></label>`;
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-goals', GoalsPane);
