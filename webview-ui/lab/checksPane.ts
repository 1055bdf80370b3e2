import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '../shared/menu.ts';
import { html, LitElement, nothing } from 'lit';
import type { LabSetup, LabState } from '../../src/engine/panels.ts';
import type { Check } from '../../src/lab/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { failureOf } from '../shared/errorText.ts';
import { plural } from '../shared/format.ts';
import { linkButton } from '../shared/pieces.ts';
import { checkItems, checkLines, checkText } from './checkTexts.ts';
import { setupStyles } from './setupStyles.ts';

/** The checks every case gets: a line each, sets of them, and who judges. Fires `setup` (a part of it), `saveCheckSet`. */
class ChecksPane extends LitElement {
  static override properties = {
    setup: { attribute: false },
    state: { attribute: false },
    checksOf: { attribute: false },
    problem: { state: true },
  };
  declare setup: LabSetup;
  declare state: LabState;
  declare checksOf: (lines: string[]) => Promise<Check[]>;
  declare problem: string | null;

  constructor() {
    super();
    this.problem = null;
  }

  override render() {
    return html`<details>
      <summary>${this.#summary}</summary>
      <div class="inside">
        <textarea id="checks" class="area mono" rows="3" spellcheck="false" aria-label="Checks for every case, one in each line"
          placeholder="One in each line, for example icontains:refund or latency(2000)" .value=${this.setup.checks.map(checkText).join('\n')}
          @change=${() => void this.take(this.#area?.value ?? '')}></textarea>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <div class="row">
          <pv-menu label="Add Check" icon="add" .items=${checkItems(this.state.checkKinds)} @choose=${(event: CustomEvent<string>) => void this.add(event.detail)}></pv-menu>
          ${this.setup.checks.length > 0 ? linkButton('Save as check set…', () => emit(this, 'saveCheckSet')) : nothing}
        </div>
        ${this.renderSets()}${this.renderJudge()}
      </div>
    </details>`;
  }

  get #area() {
    return this.renderRoot.querySelector<HTMLTextAreaElement>('#checks');
  }

  get #summary(): string {
    const { checks, checkSets, judge } = this.setup;
    const parts = [
      ...(checks.length > 0 ? [plural(checks.length, 'check')] : []),
      ...(checkSets.length > 0 ? [checkSets.join(', ')] : []),
      ...(judge ? [`judge ${judge.model}`] : []),
    ];
    return parts.length === 0 ? 'Only the checks of each case' : `${parts.join(' · ')}, beside those of each case`;
  }

  /** The last line chosen from the menu is left to be changed: its example is rarely what is meant. */
  private async add(example: string) {
    const area = this.#area;
    if (!area) return;
    const text = [...checkLines(area.value), example].join('\n');
    await this.take(text);
    await this.updateComplete;
    area.value = text;
    area.focus();
    area.setSelectionRange(text.length - example.length, text.length);
  }

  private async take(text: string) {
    try {
      const checks = await this.checksOf(checkLines(text));
      this.problem = null;
      emit(this, 'setup', { checks });
    } catch (error) {
      this.problem = failureOf(error).message;
    }
  }

  private renderSets() {
    const { checkSets } = this.setup;
    const all = [...new Set([...this.state.checkSets, ...checkSets])];
    if (all.length === 0) return nothing;
    const toggle = (name: string) =>
      checkSets.includes(name) ? checkSets.filter((one) => one !== name) : [...checkSets, name];
    return html`<div class="row" role="group" aria-label="Check sets">${all.map(
      (name) => html`<label class="tick"><input type="checkbox" .checked=${checkSets.includes(name)}
        @change=${() => emit(this, 'setup', { checkSets: toggle(name) })}>${name}</label>`,
    )}</div>`;
  }

  private renderJudge() {
    const { judge } = this.setup;
    const value = (event: Event) => (event.target as HTMLInputElement).value.trim();
    const put = (part: { model?: string; rubric?: string; embeddings?: string }) => {
      const { model = '', rubric = '', embeddings = '' } = { ...judge, ...part };
      const given = model || embeddings;
      emit(this, 'setup', {
        judge: given ? { model, ...(rubric && { rubric }), ...(embeddings && { embeddings }) } : null,
      });
    };
    return html`<div class="row" role="group" aria-label="Judge">
      <label class="field">Judge <vscode-textfield class="naming" .label=${'Judge'} placeholder="vendor:model" .value=${judge?.model ?? ''}
        @change=${(event: Event) => put({ model: value(event) })}></vscode-textfield></label>
      <label class="field">Rubric <vscode-textfield class="wide" .label=${'Rubric'} placeholder="What the judge looks at, in words" .value=${judge?.rubric ?? ''}
        @change=${(event: Event) => put({ rubric: value(event) })}></vscode-textfield></label>
      <label class="field">Embeddings <vscode-textfield class="naming" .label=${'Embeddings'} placeholder="vendor:model, for similar" .value=${judge?.embeddings ?? ''}
        @change=${(event: Event) => put({ embeddings: value(event) })}></vscode-textfield></label></div>`;
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-checks', ChecksPane);
