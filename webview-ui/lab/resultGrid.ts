import { html, LitElement, nothing } from 'lit';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { cellStates, cellText } from './cellStates.ts';
import { finishedTotals, runningTotals } from './columnTotals.ts';
import { type GridColumn, type GridModel, type GridRow, moveCursor, nextFailure, type Place } from './gridModel.ts';
import { gridStyles, headHeight, rowHeight } from './gridStyles.ts';
import { scrollToShow, virtualWindow } from './virtualWindow.ts';

// An icon element per cell would load its style sheet for each, so the grid links the icon font once.
const codicons = document.getElementById('vscode-codicon-stylesheet');

/** The table of a run. Only rows on the screen exist. Fires `openCell` (index) and `closeCell`. */
class ResultGrid extends LitElement {
  static override properties = {
    model: { attribute: false },
    rows: { attribute: false },
    waiting: { attribute: false },
    opened: { type: Number },
    place: { state: true },
  };
  declare model: GridModel;
  declare rows: readonly GridRow[];
  declare waiting: ReadonlyMap<number, string>;
  /** The index of the cell shown in detail; -1 for none. */
  declare opened: number;
  declare place: Place;
  #frame = 0;
  readonly #resize = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.place = { row: 0, column: 0 };
    this.opened = -1;
  }

  override focus() {
    this.#grid?.focus();
  }

  /** Moves to the next failed or broken cell. */
  goToNextFailure() {
    const place = nextFailure(this.model, this.rows, this.place);
    if (place) this.#go(place);
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
    const column = Math.max(0, Math.min(this.place.column, this.model.columns.length - 1));
    if (row !== this.place.row || column !== this.place.column) this.place = { row, column };
  }

  override render() {
    const { columns } = this.model;
    const grid = this.#grid;
    const height = Math.max(0, (grid?.clientHeight ?? 600) - headHeight);
    const { first, end, total } = virtualWindow({
      scrollTop: grid?.scrollTop ?? 0,
      height,
      rowHeight,
      count: this.rows.length,
    });
    const active = this.rows.length > 0 ? `c${this.place.row}-${this.place.column}` : nothing;
    return html`<link rel="stylesheet" href=${codicons?.getAttribute('href') ?? ''} nonce=${codicons?.nonce || nothing} />
      <div id="grid" role="grid" tabindex="0" aria-label="Results" aria-rowcount=${this.rows.length + 1} aria-colcount=${columns.length + 1}
        aria-activedescendant=${active} aria-describedby="help" @scroll=${this.#scrolled} @keydown=${this.#key}>
        <div class="inner" .style=${`--columns: ${columns.length}`}>
          <div class="line head" role="row" aria-rowindex="1">
            <div class="corner quiet" role="columnheader" aria-colindex="1">Case</div>
            ${columns.map((column, at) => this.#renderHead(column, at))}
          </div>
          <div class="body" role="rowgroup" .style=${`height: ${total}px`}>
            ${this.rows.slice(first, end).map((row, at) => this.#renderRow(row, first + at))}
          </div>
        </div>
        ${this.rows.length === 0 ? html`<p class="none quiet" role="row"><span role="gridcell">No rows here.</span></p>` : nothing}
      </div>
      <span id="help" class="visually-hidden">Arrow keys move, Enter opens a cell, F goes to the next failure.</span>`;
  }

  #renderHead(column: GridColumn, at: number) {
    const cells = () => this.model.rows.flatMap((row) => this.model.cells[this.model.index(row.at, at)] ?? []);
    const { rate, details } = column.summary ? finishedTotals(column.summary) : runningTotals(cells());
    return html`<div role="columnheader" aria-colindex=${at + 2}>
      <div class="ellipsis" title="${column.path}@${column.version} · ${column.model}"><span class="numbers">v${column.version}</span> <span class="model">${column.model}</span></div>
      <div class="rate numbers ellipsis">${rate}</div>
      <div class="quiet small numbers ellipsis" title=${details}>${details}</div>
    </div>`;
  }

  #renderRow(row: GridRow, at: number) {
    return html`<div class="line" role="row" aria-rowindex=${at + 2} .style=${`top: ${at * rowHeight}px`}>
      <div class="name" role="rowheader" aria-colindex="1" title=${row.name}><span class="clamp">${row.name}</span></div>
      ${this.model.columns.map((_, column) => this.#renderCell(row, { row: at, column }))}
    </div>`;
  }

  #renderCell(row: GridRow, place: Place) {
    const index = this.model.index(row.at, place.column);
    const cell = this.model.cells[index];
    if (!cell) return nothing;
    const { icon, label } = cellStates[cell.status];
    const current = place.row === this.place.row && place.column === this.place.column;
    const spin = cell.status === 'running' ? ' codicon-modifier-spin' : '';
    return html`<div id="c${place.row}-${place.column}" role="gridcell" aria-colindex=${place.column + 2} aria-selected=${current}
      class="cell ${cell.status}${current ? ' current' : ''}${index === this.opened ? ' opened' : ''}" @click=${() => this.#clicked(place)}>
      <span class="mark codicon codicon-${icon}${spin}" role="img" aria-label=${label}></span>
      <span class="text clamp">${cellText(cell, this.waiting.get(index))}</span>
      ${cell.cached ? html`<span class="clock codicon codicon-history" role="img" aria-label="cached" title="Answered from the cache"></span>` : nothing}
    </div>`;
  }

  #scrolled() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.requestUpdate();
    });
  }

  #key(event: KeyboardEvent) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#open(this.place);
      return;
    }
    if (event.key === 'Escape') return emit(this, 'closeCell');
    if (event.key === 'f' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      return this.goToNextFailure();
    }
    const page = Math.max(1, Math.floor(((this.#grid?.clientHeight ?? 0) - headHeight) / rowHeight));
    const ctrl = event.ctrlKey || event.metaKey;
    const to = moveCursor({
      key: event.key,
      ctrl,
      from: this.place,
      rows: this.rows.length,
      columns: this.model.columns.length,
      page,
    });
    if (!to) return;
    event.preventDefault();
    this.#go(to);
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

  #open({ row, column }: Place) {
    const found = this.rows[row];
    if (found) emit(this, 'openCell', this.model.index(found.at, column));
  }

  #reveal() {
    const grid = this.#grid;
    if (!grid) return;
    const { row, column } = this.place;
    grid.scrollTop = scrollToShow({
      at: row * rowHeight,
      size: rowHeight,
      scroll: grid.scrollTop,
      view: grid.clientHeight,
      sticky: headHeight,
    });
    const head = grid.querySelectorAll<HTMLElement>('.head > *');
    const [corner, target] = [head[0], head[column + 1]];
    if (!corner || !target) return;
    const sticky = corner.offsetWidth;
    grid.scrollLeft = scrollToShow({
      at: target.offsetLeft - sticky,
      size: target.offsetWidth,
      scroll: grid.scrollLeft,
      view: grid.clientWidth,
      sticky,
    });
  }

  static override styles = [baseStyles, gridStyles];
}

export type ResultGridElement = ResultGrid;
define('pv-grid', ResultGrid);
