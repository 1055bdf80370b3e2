import './cellDetail.ts';
import './resultGrid.ts';
import './runBar.ts';
import './setupPane.ts';
import { html, LitElement, nothing } from 'lit';
import type { LabContract, LabSetup } from '../../src/engine/panels.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { connectToHost } from '../shared/connection.ts';
import { define } from '../shared/define.ts';
import { actionButton, bar, linkButton, skeleton } from '../shared/pieces.ts';
import { readState, writeState } from '../shared/vscodeApi.ts';
import { type Filter, filterCounts, filterRows, gridModel } from './gridModel.ts';
import { createLabStore, type LabRestore, type LabView } from './labStore.ts';
import { labStyles } from './labStyles.ts';
import type { ResultGridElement } from './resultGrid.ts';
import { runItems } from './runBar.ts';

type ExportFormat = Parameters<LabContract['requests']['exportRun']>[0]['format'];

/** The lab: what to run above, what came of it below, one cell beside it. */
class LabPanel extends LitElement {
  static override properties = { filter: { state: true } };
  declare filter: Filter;
  #frame = 0;
  #opened = false;
  #refocus = false;
  readonly #client = connectToHost<LabContract>();
  readonly #store = createLabStore(this.#client, (view) => this.#viewChanged(view));

  constructor() {
    super();
    this.filter = 'all';
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.#store.load(readState<LabRestore>() ?? {});
  }

  #viewChanged({ phase, setup, shown, state }: LabView) {
    if (phase === 'ready') writeState<LabRestore>({ setup, runId: shown?.result.run.id, vault: state?.vault });
    // Cells change far more often than a screen can show.
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.requestUpdate();
    });
  }

  #ignore(call: Promise<unknown>) {
    call.catch((error: unknown) => this.#store.report(error));
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
    const running = starting || shown?.result.run.status === 'running';
    return html`<div class="page">
      <h1 class="visually-hidden">Lab</h1>
      <pv-setup .setup=${setup} .state=${state} .cases=${view.cases} .casesFailure=${view.casesFailure} .estimate=${view.estimate} .running=${running}
        @setup=${(event: CustomEvent<Partial<LabSetup>>) => this.#store.change(event.detail)}
        @pickVersions=${() => void this.#pickVersions()} @pickCases=${() => void this.#pickCases()}
        @addKey=${(event: CustomEvent<string>) => this.#ignore(this.#addKey(event.detail))}
        @openVersion=${(event: CustomEvent<string>) => this.#openVersion(event.detail)}
        @start=${() => this.#start()}></pv-setup>
      ${failure ? bar({ kind: 'error', text: failure.message, actions: [linkButton('Dismiss', () => this.#store.dismiss())] }) : nothing}
      ${shown ? this.#renderRun() : this.#renderEmpty()}
      <div class="visually-hidden" role="status" aria-live="polite">${view.said}</div>
    </div>`;
  }

  #renderEmpty() {
    const { state, setup } = this.#store.view;
    const next =
      setup.refs.length === 0
        ? 'Add a version above, then a model.'
        : setup.models.length === 0
          ? 'Add a model above; echo:echo needs no key and answers with the prompt itself.'
          : 'Press Run. The results fill in here as they come.';
    const runs = state?.runs ?? [];
    return html`<div class="empty stack">
      <p>No run yet. <span class="quiet">${next}</span></p>
      ${runs.length > 0 ? html`<h2>Past runs</h2>` : nothing}
      ${runItems(runs.slice(0, 20), undefined, new Date()).map(
        (item) =>
          html`<div>${linkButton(item.label, () => void this.#store.openRun(item.value))} <span class="quiet">${item.description}</span></div>`,
      )}
    </div>`;
  }

  #renderRun() {
    const { shown, state, detail } = this.#store.view;
    if (!shown) return nothing;
    const model = gridModel(shown.result);
    const { run, cells } = shown.result;
    const rows = filterRows(model, this.filter);
    const opened = detail && detail.runId === run.id ? detail : null;
    return html`
      <pv-run-bar .run=${run} .runs=${state?.runs ?? []} .counts=${filterCounts(model)} .filter=${this.filter}
        @filter=${(event: CustomEvent<Filter>) => {
          this.filter = event.detail;
        }}
        @showRun=${(event: CustomEvent<string>) => void this.#store.openRun(event.detail)}
        @exportRun=${(event: CustomEvent<ExportFormat>) => this.#ignore(this.#client.call.exportRun({ runId: run.id, format: event.detail }))}
        @cancelRun=${() => this.#store.cancel()}></pv-run-bar>
      <div class="results ${opened ? 'split' : ''}" @keydown=${this.#resultKey} @closeCell=${() => this.#closeCell()}>
        <pv-grid .model=${model} .rows=${rows} .waiting=${shown.waiting} .opened=${opened?.index ?? -1}
          @openCell=${(event: CustomEvent<number>) => void this.#store.openCell(event.detail)}></pv-grid>
        ${
          opened
            ? html`<pv-cell-detail role="complementary" aria-label="Cell" .detail=${opened} .cell=${cells[opened.index] ?? null}
              @openVersion=${(event: CustomEvent<string>) => this.#openVersion(event.detail)}></pv-cell-detail>`
            : nothing
        }
      </div>`;
  }

  override updated() {
    const grid = this.renderRoot.querySelector<ResultGridElement>('pv-grid');
    const detail = this.renderRoot.querySelector<HTMLElement>('pv-cell-detail');
    const opened = detail !== null;
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
    this.#ignore(this.#client.call.openVersion({ ref }));
  }

  #start() {
    this.filter = 'all';
    void this.#store.start();
  }

  async #addKey(vendor: string) {
    await this.#client.call.addKey({ vendor });
    await this.#store.reload();
  }

  async #pickVersions() {
    try {
      const picked = await this.#client.call.pickVersions({});
      if (!picked) return;
      const { refs } = this.#store.view.setup;
      this.#store.change({ refs: [...new Set([...refs, ...picked])] });
      await this.#store.reload();
    } catch (error) {
      this.#store.report(error);
    }
  }

  async #pickCases() {
    try {
      const file = await this.#client.call.pickCases({});
      if (file !== null) this.#store.change({ casesFile: file });
    } catch (error) {
      this.#store.report(error);
    }
  }

  static override styles = [baseStyles, labStyles];
}

define('pv-lab', LabPanel);
