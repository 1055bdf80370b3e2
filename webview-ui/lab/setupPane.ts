import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '../shared/menu.ts';
import { html, LitElement, nothing } from 'lit';
import type { LabSetup, LabState } from '../../src/engine/panels.ts';
import type { CaseSet, RunEstimate } from '../../src/lab/types.ts';
import type { VersionInfo } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import type { Failure } from '../shared/errorText.ts';
import { modelItems } from '../shared/modelItems.ts';
import { actionButton, iconButton, linkButton, stageBadge } from '../shared/pieces.ts';
import { caseMapping, mappingText } from './caseMapping.ts';
import { estimateText, notRunnable, splitRef } from './runTexts.ts';
import { setupStyles } from './setupStyles.ts';
import { budgetOf, repeatOf, versionItems } from './setupValues.ts';

const other = '\0other';

/** What a run is made of. Fires `setup` (a part of it), `pickVersions`, `pickCases`, `addKey` (vendor), `openVersion` (ref), `start`. */
class SetupPane extends LitElement {
  static override properties = {
    setup: { attribute: false },
    state: { attribute: false },
    cases: { attribute: false },
    casesFailure: { attribute: false },
    estimate: { attribute: false },
    running: { type: Boolean },
    naming: { state: true },
  };
  declare setup: LabSetup;
  declare state: LabState;
  declare cases: CaseSet | null;
  declare casesFailure: Failure | null;
  declare estimate: RunEstimate | null;
  declare running: boolean;
  /** A model is being typed by name. */
  declare naming: boolean;

  constructor() {
    super();
    this.naming = false;
  }

  override render() {
    return html`<div class="setup">
      <span class="label" id="versions">Versions</span><div class="row" role="group" aria-labelledby="versions">${this.renderVersions()}</div>
      <span class="label" id="models">Models</span><div class="row" role="group" aria-labelledby="models">${this.renderModels()}</div>
      <label class="label" for="cases">Cases</label><div class="row">${this.renderCases()}</div>
      <span class="label">Run</span><div class="row">${this.renderRun()}</div>
    </div>`;
  }

  private versionOf(ref: string): VersionInfo | undefined {
    return this.state.versions.find(({ path, version }) => `${path}@${version}` === ref);
  }

  private renderVersions() {
    const { refs, baseline } = this.setup;
    const mixed = new Set(refs.map((ref) => splitRef(ref).path)).size > 1;
    const chip = (ref: string) => {
      const version = this.versionOf(ref);
      const name = version ? `v${version.version}` : splitRef(ref).selector;
      const remove = () =>
        this.change({ refs: refs.filter((one) => one !== ref), baseline: baseline === ref ? null : baseline });
      return html`<span class="chip" title=${version?.rationale || ref}>
        <button class="plain ellipsis" type="button" @click=${() => emit(this, 'openVersion', ref)}>${mixed ? `${splitRef(ref).path} ` : ''}${name}</button>
        ${version ? stageBadge(version.stage) : nothing}
        ${iconButton({ icon: 'close', label: `Remove ${ref}`, run: remove })}</span>`;
    };
    const items = [
      ...versionItems(this.state.versions, refs),
      { value: other, label: 'Another prompt…', icon: 'search' },
    ];
    const choose = (event: CustomEvent<string>) => {
      if (event.detail === other) emit(this, 'pickVersions');
      else this.change({ refs: [...refs, event.detail] });
    };
    const prompt = refs[0] && !mixed ? html`<span class="quiet">${splitRef(refs[0]).path}</span>` : nothing;
    return html`${prompt}${refs.map(chip)}<pv-menu kind="icon" icon="add" label="Add a version" .items=${items} @choose=${choose}></pv-menu>`;
  }

  private renderModels() {
    const { models } = this.setup;
    const toggle = (name: string) => (models.includes(name) ? models.filter((one) => one !== name) : [...models, name]);
    const choose = (event: CustomEvent<string>) => {
      const known = this.state.models.find(({ name }) => name === event.detail);
      if (event.detail === other) this.naming = true;
      else if (known && !known.ready) emit(this, 'addKey', known.vendor);
      else this.change({ models: toggle(event.detail) });
    };
    const items = [
      ...modelItems(this.state.models, models),
      { value: other, label: 'Another model by name…', icon: 'edit' },
    ];
    return html`${models.map((name) => this.renderModel(name, () => this.change({ models: toggle(name) })))}
      ${this.naming ? this.renderNaming() : nothing}
      <pv-menu kind="icon" icon="add" label="Choose models" .items=${items} @choose=${choose}></pv-menu>`;
  }

  private renderModel(name: string, remove: () => void) {
    const unready = this.state.models.find((one) => one.name === name && !one.ready);
    return html`<span class="chip" title=${unready?.needs ?? name}>
      ${unready ? html`<vscode-icon name="warning" size="14"></vscode-icon>` : nothing}<span class="ellipsis">${name}</span>
      ${iconButton({ icon: 'close', label: `Remove ${name}`, run: remove })}</span>
      ${unready ? linkButton('Set key…', () => emit(this, 'addKey', unready.vendor)) : nothing}`;
  }

  private renderNaming() {
    const done = (event: Event) => {
      const name = (event.target as HTMLInputElement).value.trim();
      this.naming = false;
      if (name && !this.setup.models.includes(name)) this.change({ models: [...this.setup.models, name] });
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Enter') done(event);
      if (event.key === 'Escape') this.naming = false;
    };
    return html`<vscode-textfield class="naming" autofocus .label=${'Model as vendor:model'} placeholder="vendor:model, Enter" @change=${done} @keydown=${key}></vscode-textfield>`;
  }

  private renderCases() {
    const { casesFile } = this.setup;
    const files = [...new Set([...(casesFile ? [casesFile] : []), ...this.state.caseFiles])];
    const choose = (event: Event) => {
      const select = event.target as HTMLSelectElement;
      const value = select.value;
      if (value !== other) return this.change({ casesFile: value || null });
      select.value = casesFile ?? '';
      emit(this, 'pickCases');
    };
    return html`<select id="cases" class="select" @change=${choose}>
        <option value="" ?selected=${casesFile === null}>(no cases)</option>
        ${files.map((file) => html`<option value=${file} ?selected=${file === casesFile}>${file}</option>`)}
        <option value=${other}>Choose a file…</option>
      </select>${this.renderMapping()}`;
  }

  private renderMapping() {
    if (this.casesFailure) return html`<span class="problem">${this.casesFailure.message}</span>`;
    if (!this.cases || this.setup.casesFile === null) return nothing;
    const chosen = this.setup.refs.flatMap((ref) => this.versionOf(ref)?.variables ?? []);
    const mapping = caseMapping(this.cases.columns, chosen);
    return html`<span class="quiet">${mappingText(this.cases, mapping)}</span>
      ${mapping.missing.length > 0 ? html`<span class="warn"><vscode-icon name="warning" size="14"></vscode-icon>no column for ${mapping.missing.join(', ')}</span>` : nothing}`;
  }

  private renderRun() {
    const { repeat, maxCostUsd, baseline, refs } = this.setup;
    const value = (event: Event) => (event.target as HTMLInputElement).value;
    const reason = notRunnable(this.setup, this.estimate);
    const choices = this.state.versions.map(({ path, version }) => `${path}@${version}`);
    const mixed = new Set([...refs, ...choices].map((ref) => splitRef(ref).path)).size > 1;
    return html`
      <label class="field">Repeats <vscode-textfield class="short" type="number" min="1" max="100" .label=${'Repeats'} .value=${String(repeat)}
        @change=${(event: Event) => this.change({ repeat: repeatOf(value(event)) })}></vscode-textfield></label>
      <label class="field">Budget $ <vscode-textfield class="short" .label=${'Budget in US dollars'} placeholder="none" .value=${maxCostUsd === null ? '' : String(maxCostUsd)}
        @change=${(event: Event) => this.change({ maxCostUsd: budgetOf(value(event)) })}></vscode-textfield></label>
      <label class="field">Baseline <select class="select" @change=${(event: Event) => this.change({ baseline: value(event) || null })}>
        <option value="" ?selected=${baseline === null}>none</option>
        ${choices.map((ref) => html`<option value=${ref} ?selected=${ref === baseline}>${mixed ? ref : `v${splitRef(ref).selector}`}</option>`)}</select></label>
      <span class="grow"></span>
      <span class="quiet numbers">${this.estimate && !reason ? estimateText(this.estimate) : nothing}</span>
      ${reason ? html`<span class="quiet">${reason}</span>` : nothing}
      ${actionButton({ label: 'Run', icon: 'play', primary: true, reason: this.running ? 'A run is under way' : reason, run: () => emit(this, 'start') })}`;
  }

  private change(part: Partial<LabSetup>) {
    emit(this, 'setup', part);
  }

  static override styles = [baseStyles, setupStyles];
}

define('pv-setup', SetupPane);
