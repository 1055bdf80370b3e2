import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '../shared/menu.ts';
import { html, LitElement, nothing } from 'lit';
import type { LabState } from '../../src/engine/panels.ts';
import type { Check } from '../../src/lab/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { failureOf } from '../shared/errorText.ts';
import { formatAgo, plural } from '../shared/format.ts';
import { actionButton, bar, iconButton, linkButton } from '../shared/pieces.ts';
import { checkLines, checkText } from './checkTexts.ts';
import * as drafts from './datasetDraft.ts';
import type { DatasetStore } from './datasetStore.ts';
import { datasetStyles, lineHeight } from './datasetStyles.ts';
import { virtualWindow } from './virtualWindow.ts';

/** The cases of a dataset as a table to write in. Fires `closeDataset`, `exportDataset` (name). */
class DatasetEditor extends LitElement {
  static override properties = {
    store: { attribute: false },
    state: { attribute: false },
    prompt: {},
    checksOf: { attribute: false },
    version: { type: Number },
    problem: { state: true },
  };
  declare store: DatasetStore;
  declare state: LabState;
  /** The version new cases are made for; empty for none. */
  declare prompt: string;
  declare checksOf: (lines: string[]) => Promise<Check[]>;
  /** Goes up when the store changed. */
  declare version: number;
  declare problem: string | null;

  constructor() {
    super();
    this.problem = null;
  }

  override focus() {
    this.renderRoot.querySelector<HTMLElement>('textarea, button')?.focus();
  }

  override render() {
    const { view } = this.store;
    if (!view) return nothing;
    const { draft, busy } = view;
    const changed = this.store.changed();
    const readOnly = this.state.readOnlyReason;
    const proposed = draft.rows.filter((row) => row.proposed).length;
    return html`<div class="top row">
        <h2>${draft.name || 'New dataset'}</h2>
        <span class="quiet small">${plural(draft.rows.length - proposed, 'case')}${draft.revision > 0 ? ` · revision ${draft.revision}` : ''}${changed ? ' · not saved' : ''}</span>
        <span class="grow"></span>
        ${this.renderGenerate()}
        ${draft.revision > 0 ? html`<pv-menu compact label="Revisions" icon="history" .items=${this.#revisions} @choose=${(event: CustomEvent<string>) => void this.store.restore(Number(event.detail))}></pv-menu>` : nothing}
        ${draft.revision > 0 ? linkButton('Export…', () => emit(this, 'exportDataset', draft.name)) : nothing}
        ${actionButton({ label: 'Save', icon: 'save', primary: true, reason: readOnly ?? (busy ? 'One moment' : changed ? null : 'Nothing was changed'), run: () => void this.store.save() })}
        ${actionButton({ label: 'Close', reason: null, run: () => emit(this, 'closeDataset') })}
      </div>
      ${this.renderFailure()}
      ${proposed > 0 ? bar({ kind: 'info', text: `${plural(proposed, 'case')} proposed by a model. Change or delete what does not fit.`, actions: [linkButton('Keep them', () => this.#keep()), linkButton('Discard', () => this.edit({ ...draft, rows: draft.rows.filter((row) => !row.proposed) }))] }) : nothing}
      ${this.problem ? bar({ kind: 'warning', text: this.problem }) : nothing}
      ${this.renderTable(draft)}`;
  }

  get #revisions() {
    const now = new Date();
    return (this.store.view?.revisions ?? []).map(({ revision, cases, at, actor }) => ({
      value: String(revision),
      label: `Revision ${revision}`,
      description: `${plural(cases, 'case')} · ${formatAgo(at, now)} · ${actor.replace(/ <.*/, '')}`,
    }));
  }

  private renderFailure() {
    const failure = this.store.view?.failure;
    if (!failure) return nothing;
    const conflict = failure.code === 'CONFLICT';
    const actions = conflict
      ? [
          linkButton('Take theirs', () => void this.store.reload()),
          linkButton('Save mine after theirs', () => void this.store.save('over')),
        ]
      : [linkButton('Dismiss', () => this.store.dismiss())];
    return bar({ kind: 'error', text: failure.message, actions });
  }

  private renderGenerate() {
    const { models, readOnlyReason } = this.state;
    const ready = models.filter((one) => one.ready && one.vendor !== 'echo');
    const reason =
      readOnlyReason ??
      (this.prompt ? (this.store.view?.busy ? 'One moment' : null) : 'Add a version of a prompt to the run first');
    const items = ready.flatMap(({ name }) =>
      [5, 20].map((count) => ({ value: `${count} ${name}`, label: `${count} cases by ${name}` })),
    );
    const choose = (event: CustomEvent<string>) => {
      const [count = '5', ...model] = event.detail.split(' ');
      void this.store.generate({ ref: this.prompt, model: model.join(' '), count: Number(count) });
    };
    return html`${this.store.view?.busy === 'generating' ? html`<span class="quiet" role="status">Thinking up cases…</span>` : nothing}
      <pv-menu compact label="Generate" icon="sparkle" empty="No model is ready" .items=${items} .reason=${reason} @choose=${choose}></pv-menu>`;
  }

  private renderTable(draft: drafts.DatasetDraft) {
    const box = this.renderRoot.querySelector('#rows');
    const { first, end, total } = virtualWindow({
      scrollTop: box?.scrollTop ?? 0,
      height: box?.clientHeight ?? 600,
      rowHeight: lineHeight,
      count: draft.rows.length,
    });
    const columns = `--columns: ${draft.columns.length}`;
    return html`<div id="rows" @scroll=${() => this.requestUpdate()} role="table" aria-label="Cases" aria-rowcount=${draft.rows.length + 1}>
      <div class="inside" .style=${columns}>
        <div class="line head" role="row">
          <span role="columnheader" class="number">#</span>
          ${draft.columns.map((name) => html`<span role="columnheader" class="row"><span class="mono ellipsis grow">${name}</span>${iconButton({ icon: 'trash', label: `Delete column ${name}`, run: () => this.edit(drafts.deleteColumn(draft, name)) })}</span>`)}
          <span role="columnheader">Checks</span>
          <span role="columnheader"><span class="visually-hidden">Actions</span></span>
        </div>
        <div class="lines" role="rowgroup" .style=${`height: ${total}px`}>${draft.rows.slice(first, end).map((row, n) => this.renderRow(draft, row, first + n))}</div>
      </div></div>
      <div class="row bottom">
        ${linkButton('Add row', () => void this.addRow())}
        <vscode-textfield class="short" .label=${'Name of a new column'} placeholder="New column, Enter" @change=${this.addColumn}></vscode-textfield>
        <span class="quiet small">Paste rows from a spreadsheet into any cell. Enter goes down, Shift+Enter breaks the line.</span>
      </div>`;
  }

  private renderRow(draft: drafts.DatasetDraft, row: drafts.DraftRow, at: number) {
    const write = (column: string) => (event: Event) =>
      this.edit(drafts.setValue(this.#draft, at, { column, text: (event.target as HTMLTextAreaElement).value }));
    const cell = (
      place: number,
      label: string,
      value: string,
      change: (event: Event) => void,
    ) => html`<span role="cell"><textarea rows="1" spellcheck="false" aria-label="${label} of row ${at + 1}"
      data-row=${at} data-column=${place} .value=${value} @change=${change} @keydown=${this.key} @paste=${this.paste}></textarea></span>`;
    return html`<div class="line${row.proposed ? ' proposed' : ''}" role="row" aria-rowindex=${at + 2} .style=${`top: ${at * lineHeight}px`}>
      <span role="rowheader" class="number quiet numbers">${at + 1}</span>
      ${draft.columns.map((column, n) => cell(n, column, drafts.cellValue(row, column), write(column)))}
      ${cell(draft.columns.length, 'Checks', row.checks.map(checkText).join('\n'), (event) => void this.writeChecks(at, event))}
      <span role="cell">${iconButton({ icon: 'trash', label: `Delete row ${at + 1}`, run: () => this.edit(drafts.deleteRow(this.#draft, at)) })}</span>
    </div>`;
  }

  get #draft(): drafts.DatasetDraft {
    return this.store.view!.draft;
  }

  private edit(draft: drafts.DatasetDraft) {
    this.store.edit(draft);
  }

  #keep() {
    this.edit({ ...this.#draft, rows: this.#draft.rows.map(({ proposed: _, ...row }) => row) });
  }

  private async writeChecks(at: number, event: Event) {
    try {
      const checks = await this.checksOf(checkLines((event.target as HTMLTextAreaElement).value));
      this.problem = null;
      this.edit(drafts.setChecks(this.#draft, at, checks));
    } catch (error) {
      this.problem = `Row ${at + 1}: ${failureOf(error).message}`;
    }
  }

  private async addRow() {
    this.edit(drafts.addRow(this.#draft));
    await this.goTo(this.#draft.rows.length - 1, 0);
  }

  private addColumn(event: Event) {
    const field = event.target as HTMLInputElement;
    this.edit(drafts.addColumn(this.#draft, field.value));
    field.value = '';
  }

  private async goTo(row: number, column: number) {
    const box = this.renderRoot.querySelector('#rows');
    if (!box || row < 0 || row >= this.#draft.rows.length) return;
    const top = row * lineHeight;
    if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 3 * lineHeight)
      box.scrollTop = top - lineHeight;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)?.focus();
  }

  private key(event: KeyboardEvent) {
    const area = event.target as HTMLTextAreaElement;
    const step = event.key === 'Enter' && !event.shiftKey ? 1 : { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing || (event.key !== 'Enter' && area.value.includes('\n'))) return;
    event.preventDefault();
    area.dispatchEvent(new Event('change'));
    void this.goTo(Number(area.dataset.row) + step, Number(area.dataset.column));
  }

  private paste(event: ClipboardEvent) {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const area = event.target as HTMLElement;
    const from = { row: Number(area.dataset.row), column: Number(area.dataset.column) };
    // One cell's worth of text is typed where the cursor is; a block goes over cells.
    if (!/[\t]|[\r\n].*\S/.test(text.trimEnd()) || from.column >= this.#draft.columns.length) return;
    event.preventDefault();
    this.edit(drafts.paste(this.#draft, from, drafts.parseBlock(text)));
  }

  static override styles = [baseStyles, datasetStyles];
}

define('pv-dataset', DatasetEditor);
