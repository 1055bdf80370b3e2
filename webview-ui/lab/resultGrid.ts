import { html, LitElement, nothing, unsafeCSS } from 'lit';
import type { ColumnComparison } from '../../src/lab/comparison.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { cellStates, markLabels } from './cellStates.ts';
import { columnCharts } from './charts.ts';
import { type ColumnFigures, columnFigures } from './columnFigures.ts';
import { moveCursor, nextFailure, type Place } from './gridCursor.ts';
import type { GridModel, GridRow } from './gridModel.ts';
import { gridStyles, headHeight, rowHeight } from './gridStyles.ts';
import { standingOf } from './verdictBar.ts';
import { scrollToShow, virtualWindow } from './virtualWindow.ts';
import { wordChanges } from './wordChanges.ts';

// An icon element per cell would have its style sheet for each, so the grid has that of the page once.
const codicons = document.getElementById('vscode-codicon-stylesheet');
const inPage = codicons instanceof HTMLStyleElement;
/** Figures of a run under way are for reading, not for watching each digit. */
const figuresEveryMs = 500;

/** The table of a run. Only rows on the screen exist. Fires `openCell`, `markCell`, `needRows` (places), `closeCell`. */
class ResultGrid extends LitElement {
  static override properties = {
    model: { attribute: false },
    rows: { attribute: false },
    pair: { attribute: false },
    opened: { type: Number },
    verdicts: { attribute: false },
    news: { type: Number },
    place: { state: true },
  };
  declare model: GridModel;
  declare rows: readonly GridRow[];
  /** Two columns side by side, the second with its differences; null shows all. */
  declare pair: readonly [number, number] | null;
  /** The index of the cell shown in detail; -1 for none. */
  declare opened: number;
  /** What is known of columns beside the baseline. */
  declare verdicts: ReadonlyMap<number, ColumnComparison>;
  /** Goes up when the model changed in place. */
  declare news: number;
  declare place: Place;
  #frame = 0;
  #figures: { model: GridModel; at: number; of: ColumnFigures[] } | undefined;
  readonly #resize = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.place = { row: 0, column: 0 };
    Object.assign(this, { pair: null, opened: -1, verdicts: new Map() });
  }

  override focus() {
    this.#grid?.focus();
  }

  get #columns(): readonly number[] {
    return this.pair ?? [...this.model.columns.keys()];
  }

  get #grid() {
    return this.renderRoot.querySelector<HTMLElement>('#grid');
  }

  override firstUpdated() {
    if (this.#grid) this.#resize.observe(this.#grid);
    this.requestUpdate();
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override willUpdate() {
    const row = Math.max(0, Math.min(this.place.row, this.rows.length - 1));
    const columns = this.#columns;
    const column = columns.includes(this.place.column) ? this.place.column : (columns[0] ?? 0);
    if (row !== this.place.row || column !== this.place.column) this.place = { row, column };
  }

  override render() {
    const columns = this.#columns;
    const grid = this.#grid;
    const height = Math.max(0, (grid?.clientHeight ?? 600) - headHeight);
    const scrollTop = grid?.scrollTop ?? 0;
    const { first, end, total } = virtualWindow({ scrollTop, height, rowHeight, count: this.rows.length });
    const visible = this.rows.slice(first, end);
    this.#askFor(visible);
    const active = this.rows.length > 0 ? `c${this.place.row}-${this.place.column}` : nothing;
    return html`${inPage ? nothing : html`<link rel="stylesheet" href=${codicons?.getAttribute('href') ?? ''} nonce=${codicons?.nonce || nothing} />`}
      <div id="grid" role="grid" tabindex="0" aria-label="Results" aria-rowcount=${this.rows.length + 1} aria-colcount=${columns.length + 1}
        aria-activedescendant=${active} aria-describedby="help" @scroll=${this.#scrolled} @keydown=${this.#key}>
        <div class="inner" .style=${`--columns: ${columns.length}`}>
          <div class="line head" role="row" aria-rowindex="1">
            <div class="corner quiet" role="columnheader" aria-colindex="1">Case</div>
            ${columns.map((column, at) => this.#renderHead(column, at))}
          </div>
          <div class="body" role="rowgroup" .style=${`height: ${total}px`}>
            ${visible.map((row, at) => this.#renderRow(row, first + at))}
          </div>
        </div>
        ${this.rows.length === 0 ? html`<p class="none quiet" role="row"><span role="gridcell">No rows here.</span></p>` : nothing}
      </div>
      <span id="help" class="visually-hidden">Arrow keys move, Enter opens a cell, F goes to the next failure, M marks a cell.</span>`;
  }

  /** Words of thousands of rows come as they are looked at. */
  #askFor(visible: readonly GridRow[]) {
    const unknown = visible.filter(({ at }) => !this.model.names.has(at)).map(({ at }) => at);
    if (unknown.length > 0) emit(this, 'needRows', unknown);
  }

  get #figuresNow(): ColumnFigures[] {
    const now = performance.now();
    const { model } = this;
    const known = this.#figures;
    const fresh = known?.model === model && model.run.status === 'running' && now - known.at < figuresEveryMs;
    if (!known || !fresh) this.#figures = { model, at: now, of: columnFigures(model) };
    return this.#figures!.of;
  }

  #renderHead(column: number, at: number) {
    const { path, version, model } = this.model.columns[column]!;
    const figures = this.#figuresNow[column]!;
    return html`<div role="columnheader" aria-colindex=${at + 2}>
      <div class="ellipsis" title="${path}@${version} · ${model}"><span class="numbers">v${version}</span> <span class="model">${model}</span></div>
      <div class="rate numbers ellipsis">${figures.rate}${this.#renderStanding(column)}</div>
      <div class="quiet small numbers ellipsis" title=${figures.details}>${figures.details}</div>
      ${columnCharts(figures)}
    </div>`;
  }

  /** Whether it is the baseline's column, or how it stands beside that. */
  #renderStanding(column: number) {
    const { run, columns } = this.model;
    const { path, version } = columns[column]!;
    if (run.baseline?.path === path && run.baseline.version === version)
      return html` <span class="standing quiet">baseline</span>`;
    const verdict = this.verdicts.get(column);
    if (!verdict) return nothing;
    const { label, icon } = standingOf(verdict);
    return html` <span class="standing ${label.toLowerCase()}" title=${verdict.verdict}><span class="codicon codicon-${icon}" aria-hidden="true"></span>${label}</span>`;
  }

  #renderRow(row: GridRow, at: number) {
    const name = this.model.names.get(row.at);
    return html`<div class="line" role="row" aria-rowindex=${at + 2} .style=${`top: ${at * rowHeight}px`}>
      <div class="name" role="rowheader" aria-colindex="1" title=${name ?? ''}><span class="clamp">${name ?? html`<span class="skeleton"></span>`}</span></div>
      ${this.#columns.map((column, n) => this.#renderCell(row, { row: at, column }, n))}
    </div>`;
  }

  #renderCell(row: GridRow, place: Place, n: number) {
    const { model } = this;
    const index = model.index(row.at, place.column);
    const state = model.states[index];
    if (!state) return nothing;
    const { icon, label } = cellStates[state];
    const { cached, mark } = model.flags[index]!;
    const current = place.row === this.place.row && place.column === this.place.column;
    const spin = state === 'running' ? ' codicon-modifier-spin' : '';
    return html`<div id="c${place.row}-${place.column}" role="gridcell" aria-colindex=${n + 2} aria-selected=${current}
      class="cell ${state}${current ? ' current' : ''}${index === this.opened ? ' opened' : ''}" @click=${() => this.#clicked(place)}>
      <span class="mark codicon codicon-${icon}${spin}" role="img" aria-label=${label}></span>
      <span class="text clamp">${this.#textOf(row, index)}</span>
      ${mark ? html`<span class="sign codicon codicon-${mark === 'note' ? 'note' : 'person'}" role="img" aria-label=${markLabels[mark]} title=${markLabels[mark]}></span>` : nothing}
      ${cached ? html`<span class="sign codicon codicon-history" role="img" aria-label="cached" title="Answered from the cache"></span>` : nothing}
    </div>`;
  }

  #textOf(row: GridRow, index: number) {
    const { texts, waiting, states } = this.model;
    const paused = waiting.get(index);
    if (paused !== undefined) return paused;
    const text = texts.get(index) ?? '';
    if (!this.pair || states[index] === 'error' || index !== this.model.index(row.at, this.pair[1])) return text;
    const other = this.model.index(row.at, this.pair[0]);
    return states[other] === 'error' ? text : wordChanges(texts.get(other) ?? '', text);
  }

  #scrolled() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.requestUpdate();
    });
  }

  #key(event: KeyboardEvent) {
    const ctrl = event.ctrlKey || event.metaKey;
    const { key } = event;
    if (key === 'Escape') return emit(this, 'closeCell');
    const own: Record<string, () => void> = {
      Enter: () => this.#open(this.place),
      ' ': () => this.#open(this.place),
      f: () => this.goToNextFailure(),
      m: () => this.#tell('markCell', this.place),
    };
    const act = !ctrl && !event.altKey && Object.hasOwn(own, key) ? own[key] : undefined;
    const to = act ? null : this.#target(key, ctrl);
    if (!act && !to) return;
    event.preventDefault();
    act?.();
    if (to) this.#go(to);
  }

  #target(key: string, ctrl: boolean): Place | null {
    const columns = this.#columns;
    const page = Math.max(1, Math.floor(((this.#grid?.clientHeight ?? 0) - headHeight) / rowHeight));
    const from = { row: this.place.row, column: columns.indexOf(this.place.column) };
    const to = moveCursor({ key, ctrl, from, rows: this.rows.length, columns: columns.length, page });
    return to && { row: to.row, column: columns[to.column]! };
  }

  /** Moves to the next failed or broken cell. */
  goToNextFailure() {
    const place = nextFailure({ model: this.model, rows: this.rows, columns: this.#columns, from: this.place });
    if (place) this.#go(place);
  }

  /** While a cell is open beside the grid, the one under the cursor is shown. */
  #go(place: Place) {
    this.place = place;
    this.#reveal();
    if (this.opened >= 0) this.#open(place);
  }

  #clicked(place: Place) {
    this.place = place;
    this.#open(place);
  }

  #open(place: Place) {
    this.#tell('openCell', place);
  }

  #tell(name: 'openCell' | 'markCell', { row, column }: Place) {
    const found = this.rows[row];
    if (found) emit(this, name, this.model.index(found.at, column));
  }

  #reveal() {
    const grid = this.#grid;
    if (!grid) return;
    const [at, view] = [this.place.row * rowHeight, grid.clientHeight];
    grid.scrollTop = scrollToShow({ at, size: rowHeight, scroll: grid.scrollTop, view, sticky: headHeight });
    const head = grid.querySelectorAll<HTMLElement>('.head > *');
    const [corner, target] = [head[0], head[this.#columns.indexOf(this.place.column) + 1]];
    if (!corner || !target) return;
    const sticky = corner.offsetWidth;
    const place = { at: target.offsetLeft - sticky, size: target.offsetWidth, sticky };
    grid.scrollLeft = scrollToShow({ ...place, scroll: grid.scrollLeft, view: grid.clientWidth });
  }

  static override styles = [baseStyles, gridStyles, unsafeCSS(inPage ? codicons.textContent : '')];
}

export type ResultGridElement = ResultGrid;
define('pv-grid', ResultGrid);
