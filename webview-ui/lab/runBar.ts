import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '../shared/menu.ts';
import { css, html, LitElement, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { RunInfo, ThresholdResult } from '../../src/lab/types.ts';
import { thresholdParts } from '../../src/shared/thresholdText.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { formatAgo, formatDateTime } from '../shared/format.ts';
import { actionButton, bar, linkButton } from '../shared/pieces.ts';
import { type Pair, type Side, storedBaseline } from './baselineColumns.ts';
import { type Filter, filters, type GridModel } from './gridModel.ts';
import { endedEarly, runOutcome, runTitle } from './runTexts.ts';

const exportItems = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
  { value: 'junit', label: 'JUnit XML' },
  { value: 'markdown', label: 'Markdown', description: 'for a pull request' },
  { value: 'html', label: 'HTML report', description: 'one file that needs nothing else' },
];
const names: Record<Filter, string> = {
  ...{ all: 'All', failed: 'Failed', errors: 'Errors', different: 'Different', regressed: 'Regressed', flaky: 'Flaky' },
};

type Choice = { value: Side; label: string };

export function runItems(runs: readonly RunInfo[], shown: string | undefined, now: Date) {
  return runs.map((run) => ({
    value: run.id,
    label: runTitle(run),
    description: `${formatAgo(run.startedAt, now)} · ${runOutcome(run)}`,
    icon: run.id === shown ? 'check' : 'blank',
  }));
}

/** The lines above the grid: which run, how far, which rows. Fires `filter`, `showRun`, `exportRun`, `cancelRun`, `act`, `compare`. */
class RunBar extends LitElement {
  static override properties = {
    model: { attribute: false },
    run: { attribute: false },
    runs: { attribute: false },
    counts: { attribute: false },
    filter: {},
    pair: { attribute: false },
    reason: { attribute: false },
  };
  declare model: GridModel;
  declare run: RunInfo;
  declare runs: readonly RunInfo[];
  declare counts: Record<Filter, number>;
  declare filter: Filter;
  declare pair: Readonly<Pair> | null;
  /** Why nothing can be changed here. */
  declare reason: string | null;

  override render() {
    const { run } = this;
    const running = run.status === 'running';
    return html`${this.renderEarlyEnd()}<div class="bar-body">
      <div class="row facts">
        <strong class="ellipsis title" title=${runTitle(run)}>${runTitle(run)}</strong>
        <span class="quiet when" title=${formatDateTime(run.startedAt)}>${formatAgo(run.startedAt, new Date())}</span>
        <span class="grow"></span>
        ${running ? this.renderProgress() : nothing}
        <pv-menu compact label="Run Again" icon="refresh" .items=${this.#again} .reason=${this.reason ?? (running ? 'The run is not finished' : null)}
          @choose=${(event: CustomEvent<string>) => emit(this, 'act', event.detail)}></pv-menu>
        <pv-menu compact label="Past Runs" icon="history" empty="No runs yet" .items=${runItems(this.runs, run.id, new Date())}
          @choose=${(event: CustomEvent<string>) => emit(this, 'showRun', event.detail)}></pv-menu>
        <pv-menu compact label="Export" icon="export" .items=${exportItems} .reason=${running ? 'The run is not finished' : null}
          @choose=${(event: CustomEvent<string>) => emit(this, 'exportRun', event.detail)}></pv-menu>
      </div>
 ${running ? nothing : html`<p class="quiet numbers small outcome">${runOutcome(run)}</p>`}
      <div class="row filters" role="toolbar" aria-label="Rows shown">
        ${filters.filter((filter) => this.counts[filter] > 0 || !['regressed', 'flaky'].includes(filter)).map((filter) => this.renderFilter(filter))}
        <span class="grow"></span>
        ${this.renderCompare()}
      </div>
      ${run.thresholds.length > 0 ? html`<div class="row thresholds" role="group" aria-label="Thresholds">${run.thresholds.map(threshold)}</div>` : nothing}
    </div>`;
  }

  private renderEarlyEnd() {
    const text = endedEarly(this.run);
    if (text === null) return nothing;
    const resume = this.reason ? nothing : linkButton('Resume', () => emit(this, 'act', 'resume'));
    return bar({ kind: 'info', text, actions: [resume] });
  }

  get #again() {
    const { failed, errors } = this.run;
    return [
      ...(errors > 0
        ? [{ value: 'retryErrors', label: 'Retry Errors', description: `${errors} cells, in this run` }]
        : []),
      ...(failed + errors > 0
        ? [{ value: 'rerunFailing', label: 'Rerun Failing', description: 'a new run of the rows that did not pass' }]
        : []),
      {
        value: 'rescoreAdd',
        label: 'Score Again',
        description: 'the checks above beside those it had; no model is called',
      },
      { value: 'rescoreReplace', label: 'Score Again by the Checks Above Only', description: 'no model is called' },
      ...(failed + errors > 0
        ? [{ value: 'addFailing', label: 'Add Failing Rows to a Dataset…', description: 'with what was answered' }]
        : []),
      { value: 'addMarked', label: 'Add Marked Cells to a Dataset…', description: 'with what people said' },
    ];
  }

  private renderFilter(filter: Filter) {
    const count = this.counts[filter];
    return html`<button type="button" class="filter" aria-pressed=${filter === this.filter} ?disabled=${filter !== 'all' && filter !== this.filter && count === 0}
      @click=${() => emit(this, 'filter', filter)}>${names[filter]} <span class="numbers">${count}</span></button>`;
  }

  /** With two columns there is one comparison; with more, or beside a stored baseline, the second is chosen after the first. */
  private renderCompare() {
    const { columns } = this.model;
    const stored = storedBaseline(this.model);
    if (columns.length + Number(stored !== null) < 2 || this.run.status === 'running') return nothing;
    const [a, b] = this.pair ?? [-1, -1];
    const select = (
      label: string,
      value: Side,
      { sides, take }: { sides: Choice[]; take(value: string): Pair | null },
    ) =>
      html`<label class="field">${label}
        <select class="select" @change=${(event: Event) => emit(this, 'compare', take((event.target as HTMLSelectElement).value))}>
          <option value="-1" .selected=${live(value === -1)}>${label === 'Compare' ? 'nothing' : '…'}</option>
          ${sides.map((side) => html`<option value=${side.value} .selected=${live(side.value === value)}>${side.label}</option>`)}
        </select></label>`;
    const own = columns.map(({ version, model }, value): Choice => ({ value, label: `v${version} ${model}` }));
    const before: Choice[] = stored === null ? own : [{ value: 'baseline', label: stored }, ...own];
    const first = (value: string): Pair | null => {
      if (value === 'baseline') return [value, Math.max(b, 0)];
      const column = Number(value);
      if (column < 0 || columns.length < 2) return null;
      return [column, b >= 0 && b !== column ? b : column === 0 ? 1 : 0];
    };
    const second = (value: string): Pair | null =>
      Number(value) < 0 || Number(value) === a ? null : [a, Number(value)];
    const choices = columns.length < 2 ? before.slice(0, 1) : before;
    return html`${select('Compare', a, { sides: choices, take: first })}${this.pair ? select('with', b, { sides: own, take: second }) : nothing}`;
  }

  private renderProgress() {
    const { passed, failed, errors, cells } = this.run;
    const done = passed + failed + errors;
    return html`<vscode-progress-bar class="progress" aria-label="Progress of the run" .value=${done} .max=${Math.max(1, cells)}></vscode-progress-bar>
      <span class="numbers">${done}/${cells}</span>
      ${actionButton({ label: 'Cancel', icon: 'debug-stop', run: () => emit(this, 'cancelRun') })}`;
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
      .bar-body { display: flex; flex-direction: column; gap: 4px; padding: 8px 16px; }
      .title { min-width: 0; max-width: 100%; }
      .when { white-space: nowrap; }
      @media (min-width: 641px) { .facts { flex-wrap: nowrap; } .facts .title { flex: 0 1 auto; } .facts .grow { flex: 1 0 0; } .facts pv-menu, .facts .numbers { flex: none; } }
      .progress { width: 160px; }
      .progress::part(track) { background: var(--vscode-editorWidget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent))); opacity: 0.6; }
      .filters { gap: 4px; }
      .filter { height: 22px; padding: 0 8px; font: inherit; font-size: 12px; color: inherit; background: none; border: 1px solid transparent; border-radius: 4px; cursor: pointer; }
      .filter:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); }
      .filter[aria-pressed='true'] { color: var(--vscode-inputOption-activeForeground); background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder); }
      .filter:disabled { opacity: 0.5; cursor: default; }
      .field { display: inline-flex; align-items: center; gap: 6px; font-size: 12px; color: var(--vscode-descriptionForeground); max-width: 100%; }
      .select { height: 24px; max-width: 200px; padding: 0 4px; font: inherit; color: var(--vscode-settings-dropdownForeground, var(--vscode-dropdown-foreground)); background: var(--vscode-settings-dropdownBackground, var(--vscode-dropdown-background)); border: 1px solid var(--vscode-settings-dropdownBorder, var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent))); border-radius: 4px; }
      .threshold { display: inline-flex; align-items: center; gap: 4px; font-size: 12px; }
      .threshold.pass vscode-icon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
      .threshold.fail vscode-icon { color: var(--vscode-testing-iconFailed, var(--vscode-charts-red)); }
    `,
  ];
}

function threshold(result: ThresholdResult) {
  const { label, got, wanted } = thresholdParts(result);
  const { pass } = result;
  return html`<span class="threshold ${pass ? 'pass' : 'fail'}"><vscode-icon name=${pass ? 'check' : 'close'} role="img" aria-label=${pass ? 'met' : 'not met'}></vscode-icon>
    ${label}${result.got === null ? ':' : ''} ${got} <span class="quiet">${wanted}</span></span>`;
}

define('pv-run-bar', RunBar);
