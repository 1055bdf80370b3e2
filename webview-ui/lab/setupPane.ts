import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '../shared/menu.ts';
import './casesRow.ts';
import './checksPane.ts';
import './goalsPane.ts';
import './modelsRow.ts';
import { html, LitElement, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { LabCases, LabSetup, LabState } from '../../src/engine/panels.ts';
import type { Check, RunEstimate } from '../../src/lab/types.ts';
import type { VersionInfo } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import type { Failure } from '../shared/errorText.ts';
import { actionButton, iconButton, linkButton, stageBadge } from '../shared/pieces.ts';
import { estimateText, notRunnable, splitRef } from './runTexts.ts';
import { setupStyles } from './setupStyles.ts';
import { budgetOf, metricsNamed, repeatOf, versionItems, withVersion } from './setupValues.ts';

const other = '\0other';

/** What a run is made of. Fires `setup` (a part of it), `pickVersions`, `openVersion` (ref), `openSuite`, `saveSuite`, `deleteSuite`, `start`, and what its parts fire. */
class SetupPane extends LitElement {
  static override properties = {
    setup: { attribute: false },
    state: { attribute: false },
    cases: { attribute: false },
    casesFailure: { attribute: false },
    estimate: { attribute: false },
    checksOf: { attribute: false },
    running: { type: Boolean },
  };
  declare setup: LabSetup;
  declare state: LabState;
  declare cases: LabCases | null;
  declare casesFailure: Failure | null;
  declare estimate: RunEstimate | null;
  declare checksOf: (lines: string[]) => Promise<Check[]>;
  declare running: boolean;

  override render() {
    const { setup, state } = this;
    const variables = setup.refs.flatMap((ref) => this.versionOf(ref)?.variables ?? []);
    return html`<div class="setup">
      <span class="label" id="suite">Suite</span><div class="row" role="group" aria-labelledby="suite">${this.renderSuite()}</div>
      <span class="label" id="versions">Versions</span><div class="row" role="group" aria-labelledby="versions">${this.renderVersions()}</div>
      <span class="label">Models</span><pv-models role="group" aria-label="Models" .models=${setup.models} .known=${state.models}
        @models=${(event: CustomEvent<LabSetup['models']>) => this.change({ models: event.detail })}></pv-models>
      <span class="label">Cases</span><pv-cases .setup=${setup} .state=${state} .cases=${this.cases} .failure=${this.casesFailure} .variables=${variables}></pv-cases>
      <span class="label">Checks</span><pv-checks .setup=${setup} .state=${state} .checksOf=${this.checksOf}></pv-checks>
      <span class="label">Goals</span><pv-goals role="group" aria-label="Goals" .thresholds=${setup.thresholds} .metrics=${metricsNamed(setup, state, this.cases)}></pv-goals>
      <span class="label">Run</span><div class="row">${this.renderRun()}</div>
    </div>`;
  }

  private versionOf(ref: string): VersionInfo | undefined {
    return this.state.versions.find(({ path, version }) => `${path}@${version}` === ref);
  }

  private renderSuite() {
    const { suite, suiteChanged } = this.setup;
    const names = [...new Set([...(suite ? [suite] : []), ...this.state.suites])];
    const readOnly = this.state.readOnlyReason;
    const choose = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      if (value) emit(this, 'openSuite', value);
      else this.change({ suite: null, suiteChanged: false });
    };
    return html`<select class="select" aria-label="Suite" @change=${choose}>
        <option value="" .selected=${live(suite === null)}>(none)</option>
        ${names.map((name) => html`<option value=${name} .selected=${live(name === suite)}>${name}</option>`)}</select>
      ${suite && suiteChanged ? html`<span class="quiet">changed</span>` : nothing}
      ${readOnly ? nothing : linkButton('Save as suite…', () => emit(this, 'saveSuite'))}
      ${suite && !readOnly ? linkButton('Delete suite…', () => emit(this, 'deleteSuite', suite)) : nothing}`;
  }

  private renderVersions() {
    const { refs, baseline, unsaved } = this.setup;
    const mixed = new Set(refs.map((ref) => splitRef(ref).path)).size > 1;
    const chip = (ref: string) => {
      const version = this.versionOf(ref);
      const draft = unsaved.includes(ref);
      const name = `${version ? `v${version.version}` : splitRef(ref).selector}${draft ? '*' : ''}`;
      const remove = () =>
        this.change({
          refs: refs.filter((one) => one !== ref),
          unsaved: unsaved.filter((one) => one !== ref),
          baseline: baseline === ref ? null : baseline,
        });
      return html`<span class="chip" title=${draft ? `${ref} as it stands unsaved in its editor` : version?.rationale || ref}>
        <button class="plain ellipsis" type="button" @click=${() => emit(this, 'openVersion', ref)}>${mixed ? `${splitRef(ref).path} ` : ''}${name}</button>
        ${version ? stageBadge(version.stage) : nothing}
        ${iconButton({ icon: 'close', label: `Remove ${ref}`, run: remove })}</span>`;
    };
    const items = [
      ...versionItems(this.state.versions, this.setup, this.state.drafts),
      { value: other, label: 'Another prompt…', icon: 'search' },
    ];
    const choose = (event: CustomEvent<string>) => {
      if (event.detail === other) emit(this, 'pickVersions');
      else this.change(withVersion(this.setup, event.detail));
    };
    const prompt = refs[0] && !mixed ? html`<span class="quiet">${splitRef(refs[0]).path}</span>` : nothing;
    return html`${prompt}${refs.map(chip)}<pv-menu kind="icon" icon="add" label="Add a version" .items=${items} @choose=${choose}></pv-menu>`;
  }

  private renderRun() {
    const { repeat, maxCostUsd, baseline, refs } = this.setup;
    const value = (event: Event) => (event.target as HTMLInputElement).value;
    const reason = this.state.readOnlyReason ?? notRunnable(this.setup, this.estimate);
    const choices = this.state.versions.map(({ path, version }) => `${path}@${version}`);
    const mixed = new Set([...refs, ...choices].map((ref) => splitRef(ref).path)).size > 1;
    return html`
      <label class="field">Repeats <vscode-textfield class="short" type="number" min="1" max="100" .label=${'Repeats'} .value=${String(repeat)}
        @change=${(event: Event) => this.change({ repeat: repeatOf(value(event)) })}></vscode-textfield></label>
      <label class="field">Budget $ <vscode-textfield class="short" .label=${'Budget in US dollars'} placeholder="none" .value=${maxCostUsd === null ? '' : String(maxCostUsd)}
        @change=${(event: Event) => this.change({ maxCostUsd: budgetOf(value(event)) })}></vscode-textfield></label>
      <label class="field">Baseline <select class="select" @change=${(event: Event) => this.change({ baseline: value(event) || null })}>
        <option value="" .selected=${live(baseline === null)}>none</option>
        ${baseline && !choices.includes(baseline) ? html`<option value=${baseline} selected>${baseline}</option>` : nothing}
        ${choices.map((ref) => html`<option value=${ref} .selected=${live(ref === baseline)}>${mixed ? ref : `v${splitRef(ref).selector}`}</option>`)}</select></label>
      <span class="start">${reason ? html`<span class="quiet reasons">${this.reasons(reason)}</span>` : html`<span class="quiet numbers">${this.estimate ? estimateText(this.estimate) : nothing}</span>`}
      ${actionButton({ label: 'Run', icon: 'play', primary: true, reason: this.running ? 'A run is under way' : reason, run: () => emit(this, 'start') })}</span>`;
  }

  /** A refusal names everything that stands in the way, not its first part. */
  private reasons(first: string) {
    const { problems = [] } = this.estimate ?? {};
    const all = problems.includes(first) ? problems : [first];
    return all.length === 1 ? first : html`<ul>${all.map((one) => html`<li>${one}</li>`)}</ul>`;
  }

  private change(part: Partial<LabSetup>) {
    emit(this, 'setup', part);
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-setup', SetupPane);
