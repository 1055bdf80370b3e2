import './cellDetail.ts';
import './datasetEditor.ts';
import './resultGrid.ts';
import './runBar.ts';
import './setupPane.ts';
import { html, LitElement, nothing } from 'lit';
import type { RunExportFormat } from '../../src/engine/engine.ts';
import type { ColumnMapping, LabContract, LabSetup } from '../../src/engine/panels.ts';
import type { CellDetail } from '../../src/lab/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { connectToHost } from '../shared/connection.ts';
import { define } from '../shared/define.ts';
import { actionButton, bar, linkButton, skeleton } from '../shared/pieces.ts';
import { readState, writeState } from '../shared/vscodeApi.ts';
import type { Pair } from './baselineColumns.ts';
import type { CellDetailElement } from './cellDetail.ts';
import { createDatasetStore } from './datasetStore.ts';
import { type Filter, filterRows, settle } from './gridModel.ts';
import { createLabStore, type LabRestore, type LabStore, type LabView } from './labStore.ts';
import { labStyles } from './labStyles.ts';
import type { ResultGridElement } from './resultGrid.ts';
import { type RunAction, runAction } from './runActions.ts';
import { runItems } from './runBar.ts';
import { nextStep } from './runTexts.ts';
import { setupActions } from './setupActions.ts';
import { baselineVerdicts, verdictBar } from './verdictBar.ts';

/** The lab: what to run above, what came of it below, one cell beside it. */
class LabPanel extends LitElement {
  static override properties = { filter: { state: true } };
  declare filter: Filter;
  #frame = 0;
  #opened = false;
  #refocus = false;
  #marking = false;
  readonly #client = connectToHost<LabContract>();
  readonly #store = createLabStore(this.#client, (view) => this.#viewChanged(view));
  readonly #dataset = createDatasetStore(this.#client, () => this.#viewChanged(this.#store.view));
  readonly #setups = setupActions(this.#store, this.#dataset);
  readonly #checksOf = async (lines: string[]) => this.#client.call.checksOf({ lines });
  /** What changes in place is drawn again with each picture. */
  #version = 0;

  constructor() {
    super();
    this.filter = 'all';
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#store.load(readState<LabRestore>() ?? {});
  }

  #viewChanged({ phase, setup, shown, state }: LabView) {
    if (phase === 'ready') writeState<LabRestore>({ setup, runId: shown?.run.id, vault: state?.vault });
    // Cells change far more often than a screen can show.
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#version += 1;
      this.requestUpdate();
    });
  }

  override render() {
    const { phase, failure } = this.#store.view;
    if (phase === 'loading') return html`<div class="whole loading">${skeleton(8)}</div>`;
    if (phase === 'failed')
      return html`<div class="whole" role="alert"><p>The lab could not be opened. ${failure?.message ?? ''}</p>
        <div>${actionButton({ label: 'Retry', primary: true, run: () => void this.#store.load(readState<LabRestore>() ?? {}) })}</div></div>`;
    return this.#renderReady();
  }

  #renderReady() {
    const { view } = this.#store;
    const { state, setup, failure, shown, starting } = view;
    if (!state) return nothing;
    const running = starting || shown?.run.status === 'running';
    const readOnly = state.readOnlyReason;
    return html`<div class="page">
      <h1 class="visually-hidden">Lab</h1>
      ${readOnly ? bar({ kind: 'info', text: `${readOnly}. Past runs can be read and exported.` }) : nothing}
      <pv-setup .setup=${setup} .state=${state} .cases=${view.cases} .casesFailure=${view.casesFailure} .estimate=${view.estimate} .running=${running} .checksOf=${this.#checksOf}
        @setup=${(event: CustomEvent<Partial<LabSetup>>) => this.#store.change(event.detail)}
        @mapping=${(event: CustomEvent<ColumnMapping>) => this.#setups.map(event.detail)}
        @pickVersions=${() => void this.#setups.pickVersions()} @pickCases=${() => void this.#setups.pickCases()}
        @importDataset=${() => void this.#setups.importDataset()}
        @editCases=${(event: CustomEvent<string>) => void this.#dataset.open(event.detail, this.#setups.variables())}
        @openSuite=${(event: CustomEvent<string>) => void this.#setups.openSuite(event.detail)}
        @saveSuite=${() => void this.#setups.saveSuite()}
        @deleteSuite=${(event: CustomEvent<string>) => void this.#setups.deleteSuite(event.detail)}
        @saveCheckSet=${() => void this.#setups.saveCheckSet()}
        @addKey=${(event: CustomEvent<string>) => void this.#setups.addKey(event.detail)}
        @openVersion=${(event: CustomEvent<string>) => this.#openVersion(event.detail)}
        @start=${() => this.#begin((call) => call.start(this.#store.view.setup))}></pv-setup>
      ${failure ? bar({ kind: 'error', text: failure.message, actions: [linkButton('Dismiss', () => this.#store.dismiss())] }) : nothing}
      ${this.#dataset.view ? this.#renderDataset() : shown ? this.#renderRun() : this.#renderEmpty()}
      <div class="visually-hidden" role="status" aria-live="polite">${view.said}</div>
    </div>`;
  }

  #renderDataset() {
    const { state, setup } = this.#store.view;
    return html`<pv-dataset .store=${this.#dataset} .state=${state} .prompt=${setup.refs[0] ?? ''} .checksOf=${this.#checksOf} .version=${this.#version}
      @closeDataset=${() => this.#setups.closeDataset()}
      @exportDataset=${(event: CustomEvent<string>) => void this.#store.attempt((call) => call.exportDataset({ name: event.detail }))}></pv-dataset>`;
  }

  #renderEmpty() {
    const { state, setup, estimate } = this.#store.view;
    const runs = state?.runs ?? [];
    return html`<div class="empty stack">
      <p>No run yet. <span class="quiet">${nextStep(setup, estimate)}</span></p>
      ${runs.length > 0 ? html`<h2>Past runs</h2>` : nothing}
      ${runItems(runs.slice(0, 20), undefined, new Date()).map(
        (item) =>
          html`<div>${linkButton(item.label, () => void this.#store.openRun(item.value))} <span class="quiet">${item.description}</span></div>`,
      )}
    </div>`;
  }

  #renderRun() {
    const { shown, state, detail, pair, comparison, verdicts } = this.#store.view;
    if (!shown) return nothing;
    settle(shown);
    const { run } = shown;
    const rows = filterRows(shown, this.filter);
    const opened = detail && detail.runId === run.id ? detail : null;
    const reason = state?.readOnlyReason ?? null;
    // What is only stored has no cells to show beside the others.
    const [a, b] = pair ?? [];
    const side = typeof a === 'number' ? [a, b] : null;
    return html`
      <pv-run-bar .model=${shown} .run=${run} .runs=${state?.runs ?? []} .counts=${{ ...shown.counts }} .filter=${this.filter} .pair=${pair} .reason=${reason}
        @filter=${(event: CustomEvent<Filter>) => {
          this.filter = event.detail;
        }}
        @showRun=${(event: CustomEvent<string>) => void this.#store.openRun(event.detail)}
        @exportRun=${(event: CustomEvent<RunExportFormat>) => void this.#store.attempt((call) => call.exportRun({ runId: run.id, format: event.detail }))}
        @cancelRun=${() => void this.#store.attempt((call) => call.cancel({ runId: run.id }))}
        @act=${(event: CustomEvent<RunAction>) => void runAction(this.#store, event.detail)}
        @compare=${(event: CustomEvent<Pair | null>) => this.#store.compare(event.detail)}></pv-run-bar>
      ${comparison ? verdictBar(comparison) : baselineVerdicts(verdicts)}
      <div class="results ${opened ? 'split' : ''}" @keydown=${this.#resultKey} @closeCell=${() => this.#closeCell()}>
        <pv-grid .model=${shown} .rows=${rows} .pair=${side} .opened=${opened?.index ?? -1} .verdicts=${verdicts} .news=${this.#version}
          @needRows=${(event: CustomEvent<number[]>) => void this.#store.needRows(event.detail)}
          @openCell=${(event: CustomEvent<number>) => void this.#store.openCell(event.detail)}
          @markCell=${(event: CustomEvent<number>) => void this.#markCell(event.detail)}></pv-grid>
        ${opened ? this.#renderCell(opened, reason) : nothing}
      </div>`;
  }

  #renderCell(detail: CellDetail, reason: string | null) {
    const { other, bisected, shown } = this.#store.view;
    const { runId, index } = detail;
    return html`<pv-cell-detail role="complementary" aria-label="Cell" .detail=${detail} .live=${this.#store.liveCell()} .other=${other} .bisected=${bisected}
      .reason=${reason} .running=${shown?.run.status === 'running'}
      @openVersion=${(event: CustomEvent<string>) => this.#openVersion(event.detail)}
      @mark=${(event: CustomEvent<{ mark: 'pass' | 'fail' | null; note: string }>) => void this.#store.attempt((call) => call.mark({ runId, index, ...event.detail }))}
      @clearMark=${() => void this.#store.attempt((call) => call.clearMark({ runId, index }))}
      @rerunCell=${() => void this.#store.begin((call) => call.rerunCell({ runId, index }))}
      @bisect=${(event: CustomEvent<boolean>) => this.#store.bisect(event.detail)}
      @addCells=${(event: CustomEvent<number[]>) => void this.#store.attempt((call) => call.addToDataset({ runId, indexes: event.detail }))}></pv-cell-detail>`;
  }

  /** The keyboard goes to the marks once the cell is there. */
  async #markCell(index: number) {
    this.#marking = true;
    await this.#store.openCell(index);
  }

  override updated() {
    const grid = this.renderRoot.querySelector<ResultGridElement>('pv-grid');
    const detail = this.renderRoot.querySelector<CellDetailElement>('pv-cell-detail');
    const opened = detail !== null;
    if (this.#marking && detail) {
      this.#marking = false;
      void detail.updateComplete.then(() => detail.focusMark());
    }
    // On a narrow panel the cell takes the place of the grid.
    if (opened && !this.#opened && grid?.offsetParent === null) void this.updateComplete.then(() => detail.focus());
    if (!opened && this.#refocus) grid?.focus();
    if (!opened) this.#refocus = false;
    this.#opened = opened;
  }

  #resultKey(event: KeyboardEvent) {
    if (event.key === 'Escape' && this.#store.view.detail) this.#closeCell();
  }

  #closeCell() {
    this.#refocus = true;
    this.#store.closeCell();
  }

  #openVersion(ref: string) {
    void this.#store.attempt((call) => call.openVersion({ ref }));
  }

  #begin(work: Parameters<LabStore['begin']>[0]) {
    this.filter = 'all';
    void this.#store.begin(work);
  }

  static override styles = [baseStyles, labStyles];
}

define('pv-lab', LabPanel);
