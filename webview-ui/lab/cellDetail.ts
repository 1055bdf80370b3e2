import '../shared/menu.ts';
import { html, LitElement, nothing } from 'lit';
import type { Bisected } from '../../src/lab/bisect.ts';
import type { CellDetail as Detail } from '../../src/lab/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { actionButton, iconButton, linkButton } from '../shared/pieces.ts';
import { cellFacts, timelineView } from './cellFacts.ts';
import { cellStates } from './cellStates.ts';
import { checkList } from './checkList.ts';
import { detailStyles } from './detailStyles.ts';
import type { LiveCell } from './labStore.ts';
import { wordChanges } from './wordChanges.ts';

/**
 * One cell in full: what was sent, what came back, how it was judged, what a person says of it. Fires `closeCell`,
 * `openVersion` (ref), `mark`, `clearMark`, `rerunCell`, `bisect` (allowCalls), `addCells` (indexes).
 */
class CellDetailPane extends LitElement {
  static override properties = {
    detail: { attribute: false },
    live: { attribute: false },
    other: { attribute: false },
    bisected: { attribute: false },
    reason: { attribute: false },
    running: { type: Boolean },
  };
  declare detail: Detail;
  /** The cell as it stands now: newer than the detail while text streams. */
  declare live: LiveCell;
  /** The same row in the column it is compared with. */
  declare other: Detail | null;
  declare bisected: Bisected | 'searching' | null;
  /** Why nothing can be changed. */
  declare reason: string | null;
  declare running: boolean;

  /** Where the pane takes the grid's place, the keyboard goes with it. */
  override focus() {
    this.renderRoot.querySelector<HTMLElement>('button.icon')?.focus();
    this.scrollIntoView({ block: 'nearest' });
  }

  /** Takes the keyboard to the person's own word. */
  focusMark() {
    this.renderRoot.querySelector<HTMLElement>('#marks button')?.focus();
  }

  override render() {
    const { detail, live } = this;
    const { icon, label } = cellStates[live.state];
    const output = live.state === 'running' ? live.text : detail.output;
    const { error, checks } = detail;
    const ref = `${detail.path}@${detail.version}`;
    return html`
      <div class="head">
        <div class="grow">
          <h3 class="clamp" title=${detail.caseName}>${detail.caseName}</h3>
          <div class="quiet ellipsis">${linkButton(`${detail.path} v${detail.version}`, () => emit(this, 'openVersion', ref))} · ${detail.model}</div>
        </div>
        ${iconButton({ icon: 'close', label: 'Close (Escape)', run: () => emit(this, 'closeCell') })}
      </div>
      <div class="body">
        <p class="status ${live.state}"><vscode-icon name=${icon} ?spin=${live.state === 'running'}></vscode-icon>${label}${detail.cached ? ' · from the cache' : ''}
          ${detail.mark?.mark ? html`<span class="quiet said">the checks say ${detail.judged}</span>` : nothing}</p>
        ${error && live.state === 'error' ? html`<p class="problem">${error.message} <span class="quiet small">${error.code}</span></p>` : nothing}
        ${this.renderMark()}
        ${this.renderActions()}
        ${checks.length > 0 ? html`<h2>Checks${detail.score === null ? '' : ` · score ${detail.score.toFixed(2)}`}</h2>${checkList(checks)}` : nothing}
        <h2>Response</h2>
        ${this.renderOutput(output)}
        <h2>Request</h2>
        ${detail.request.messages.map(({ role, content }) => html`<div class="quiet small">${role}</div><pre class="mono" tabindex="0" aria-label="${role} message">${content}</pre>`)}
        <h2>Facts</h2>
        <dl>${cellFacts(detail).map(([name, value]) => html`<dt>${name}</dt><dd class="numbers">${value}</dd>`)}</dl>
        ${timelineView(detail.timeline)}
      </div>`;
  }

  private renderOutput(output: string) {
    const { other } = this;
    if (!other)
      return output
        ? html`<pre class="mono" tabindex="0" aria-label="Response">${output}</pre>`
        : html`<p class="quiet">Nothing came back.</p>`;
    return html`<div class="sides">
      <div><div class="quiet small">v${other.version} ${other.model}</div><pre class="mono" tabindex="0" aria-label="Response compared with">${other.output}</pre></div>
      <div><div class="quiet small">v${this.detail.version} ${this.detail.model}</div><pre class="mono" tabindex="0" aria-label="Response">${wordChanges(other.output, output)}</pre></div>
    </div>`;
  }

  private renderMark() {
    const { mark } = this.detail;
    if (!['pass', 'fail', 'error'].includes(this.detail.judged) || this.reason) return nothing;
    const note = () => this.renderRoot.querySelector<HTMLTextAreaElement>('#note')?.value ?? '';
    const say = (word: 'pass' | 'fail' | null) => emit(this, 'mark', { mark: word, note: note() });
    const choice = (
      word: 'pass' | 'fail',
      icon: string,
      label: string,
    ) => html`<button type="button" class="choice" aria-pressed=${mark?.mark === word}
      @click=${() => say(word)}><vscode-icon name=${icon}></vscode-icon>${label}</button>`;
    return html`<h2>Your rating</h2>
      <div class="row" id="marks" role="group" aria-label="Your rating">
        ${choice('pass', 'pass', 'Pass')}${choice('fail', 'error', 'Fail')}
        ${mark ? linkButton('Clear', () => emit(this, 'clearMark')) : nothing}
        ${mark ? html`<span class="quiet small">${mark.actor.replace(/ <.*/, '')}</span>` : nothing}
      </div>
      <textarea id="note" class="note" rows="2" maxlength="10000" aria-label="Note" placeholder="A note, saved when you leave it" .value=${mark?.note ?? ''}
        @change=${() => say(mark?.mark ?? null)}></textarea>`;
  }

  private renderActions() {
    const { detail, running, reason } = this;
    const busy = reason ?? (running ? 'The run is going on' : null);
    return html`<div class="row">
        ${actionButton({ label: 'Call Again', icon: 'refresh', reason: busy, hint: 'Calls this cell again, in this run', run: () => emit(this, 'rerunCell') })}
        ${actionButton({ label: 'Add to Dataset…', icon: 'add', reason, run: () => emit(this, 'addCells', [detail.index]) })}
        ${detail.status === 'fail' ? actionButton({ label: 'Find the Change', icon: 'search', reason: busy, hint: 'Which version broke this row?', run: () => emit(this, 'bisect', false) }) : nothing}
      </div>${this.renderBisected()}`;
  }

  private renderBisected() {
    const { bisected } = this;
    if (!bisected) return nothing;
    if (bisected === 'searching') return html`<p class="quiet" role="status">Looking through earlier versions…</p>`;
    const { steps, culprit, unknown } = bisected;
    const ref = (version: string) => `${this.detail.path}@${version}`;
    const found = culprit
      ? html`Broken by ${linkButton(`v${culprit}`, () => emit(this, 'openVersion', ref(culprit)))}.`
      : unknown.length > 0
        ? `Stored answers do not tell which of ${unknown.length + 1} versions broke it.`
        : 'It never passed in an earlier version.';
    return html`<div class="found" role="status"><p>${found}
        ${unknown.length > 0 && !culprit ? linkButton('Call a few of them', () => emit(this, 'bisect', true)) : nothing}</p>
      <ul>${steps.map(({ version, status, source }) => html`<li class="check ${status}"><vscode-icon name=${cellStates[status].icon} role="img" aria-label=${status}></vscode-icon>v${version} <span class="quiet">${source === 'stored' ? 'by its stored answer' : 'called now'}</span></li>`)}</ul></div>`;
  }

  static override styles = [baseStyles, detailStyles];
}

export type CellDetailElement = CellDetailPane;
define('pv-cell-detail', CellDetailPane);
