import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '../shared/menu.ts';
import { css, html, LitElement } from 'lit';
import type { RunInfo } from '../../src/lab/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { formatAgo, formatDateTime } from '../shared/format.ts';
import { actionButton } from '../shared/pieces.ts';
import { type Filter, filters } from './gridModel.ts';
import { runOutcome, runTitle } from './runTexts.ts';

const exportItems = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
  { value: 'junit', label: 'JUnit XML' },
  { value: 'html', label: 'HTML report' },
];
const names: Record<Filter, string> = {
  all: 'All',
  failed: 'Failed',
  errors: 'Errors',
  different: 'Different',
  regressed: 'Regressed',
};

export function runItems(runs: readonly RunInfo[], shown: string | undefined, now: Date) {
  return runs.map((run) => ({
    value: run.id,
    label: runTitle(run),
    description: `${formatAgo(run.startedAt, now)} · ${runOutcome(run)}`,
    icon: run.id === shown ? 'check' : 'blank',
  }));
}

/** The line above the grid: which run, how far, which rows. Fires `filter`, `showRun`, `exportRun`, `cancelRun`, `nextFailure`. */
class RunBar extends LitElement {
  static override properties = {
    run: { attribute: false },
    runs: { attribute: false },
    counts: { attribute: false },
    filter: {},
  };
  declare run: RunInfo;
  declare runs: readonly RunInfo[];
  declare counts: Record<Filter, number>;
  declare filter: Filter;

  override render() {
    const { run } = this;
    const running = run.status === 'running';
    return html`<div class="bar-body">
      <div class="row">
        <strong class="ellipsis title">${runTitle(run)}</strong>
        <span class="quiet" title=${formatDateTime(run.startedAt)}>${formatAgo(run.startedAt, new Date())}</span>
        <span class="grow"></span>
        ${running ? this.renderProgress() : html`<span class="quiet numbers">${runOutcome(run)}</span>`}
        <pv-menu compact label="Past Runs" icon="history" empty="No runs yet" .items=${runItems(this.runs, run.id, new Date())}
          @choose=${(event: CustomEvent<string>) => emit(this, 'showRun', event.detail)}></pv-menu>
        <pv-menu compact label="Export" icon="export" .items=${exportItems} .reason=${running ? 'The run is not finished' : null}
          @choose=${(event: CustomEvent<string>) => emit(this, 'exportRun', event.detail)}></pv-menu>
      </div>
      <div class="row filters" role="toolbar" aria-label="Rows shown">
        ${filters.filter((filter) => filter !== 'regressed' || this.counts.regressed > 0).map((filter) => this.renderFilter(filter))}
        <span class="grow"></span>
        <span class="quiet small">Enter opens a cell, F goes to the next failure</span>
      </div>
    </div>`;
  }

  private renderFilter(filter: Filter) {
    const count = this.counts[filter];
    return html`<button type="button" class="filter" aria-pressed=${filter === this.filter} ?disabled=${filter !== 'all' && filter !== this.filter && count === 0}
      @click=${() => emit(this, 'filter', filter)}>${names[filter]} <span class="numbers">${count}</span></button>`;
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
      .title { max-width: 100%; }
      .progress { width: 160px; }
      .progress::part(track) { background: var(--vscode-editorWidget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent))); opacity: 0.6; }
      .filters { gap: 4px; }
      .filter { height: 22px; padding: 0 8px; font: inherit; font-size: 12px; color: inherit; background: none; border: 1px solid transparent; border-radius: 4px; cursor: pointer; }
      .filter:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); }
      .filter[aria-pressed='true'] { color: var(--vscode-inputOption-activeForeground); background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder); }
      .filter:disabled { opacity: 0.5; cursor: default; }
    `,
  ];
}

define('pv-run-bar', RunBar);
