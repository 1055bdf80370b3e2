import { css, html, LitElement, nothing } from 'lit';
import type { Cell, CellDetail as Detail } from '../../src/lab/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { formatCost, formatLatency, formatNumber } from '../shared/format.ts';
import { iconButton, linkButton } from '../shared/pieces.ts';
import { cellStates } from './cellStates.ts';

/** One cell in full: what was sent, what came back, how it was judged. Fires `closeCell` and `openVersion` (ref). */
class CellDetailPane extends LitElement {
  static override properties = { detail: { attribute: false }, cell: { attribute: false } };
  declare detail: Detail;
  /** The cell as it stands now: newer than the detail while text streams. */
  declare cell: Cell | null;

  /** Where the pane takes the grid's place, the keyboard goes with it. */
  override focus() {
    this.renderRoot.querySelector<HTMLElement>('button.icon')?.focus();
    this.scrollIntoView({ block: 'nearest' });
  }

  override render() {
    const { detail } = this;
    const { status, output, error, checks } = this.cell ?? detail;
    const { icon, label } = cellStates[status];
    return html`
      <div class="head">
        <div class="grow">
          <h3 class="clamp" title=${detail.caseName}>${detail.caseName}</h3>
          <div class="quiet ellipsis">${linkButton(`${detail.path} v${detail.version}`, () => emit(this, 'openVersion', `${detail.path}@${detail.version}`))} · ${detail.model}</div>
        </div>
        ${iconButton({ icon: 'close', label: 'Close (Escape)', run: () => emit(this, 'closeCell') })}
      </div>
      <div class="body">
        <p class="status ${status}"><vscode-icon name=${icon} ?spin=${status === 'running'}></vscode-icon>${label}${this.cell?.cached || detail.cached ? ' · from the cache' : ''}</p>
        ${error ? html`<p class="problem">${error.message} <span class="quiet small">${error.code}</span></p>` : nothing}
        ${checks.length > 0 ? html`<h2>Checks</h2><ul class="stack">${checks.map((check) => this.renderCheck(check))}</ul>` : nothing}
        <h2>Response</h2>
        ${output ? html`<pre class="mono" tabindex="0" aria-label="Response">${output}</pre>` : html`<p class="quiet">Nothing came back.</p>`}
        <h2>Request</h2>
        ${detail.request.messages.map(({ role, content }) => html`<div class="quiet small">${role}</div><pre class="mono" tabindex="0" aria-label="${role} message">${content}</pre>`)}
        <h2>Facts</h2>
        <dl>${this.facts.map(([name, value]) => html`<dt>${name}</dt><dd class="numbers">${value}</dd>`)}</dl>
      </div>`;
  }

  private renderCheck({ type, pass, reason }: Cell['checks'][number]) {
    const { icon, label } = cellStates[pass ? 'pass' : 'fail'];
    return html`<li class="check ${label}"><vscode-icon name=${icon} role="img" aria-label=${label}></vscode-icon>
      <span><span class="mono">${type}</span> <span class="quiet">${reason}</span></span></li>`;
  }

  private get facts(): [string, string][] {
    const { detail } = this;
    const count = (value: number | null) => (value === null ? 'unknown' : formatNumber(value));
    const settings = Object.entries(detail.request.settings).map(
      ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return [
      ['Latency', formatLatency(detail.latencyMs)],
      ['First token', formatLatency(detail.firstTokenMs)],
      [
        'Tokens in',
        count(detail.inputTokens) + (detail.cachedTokens ? ` (${formatNumber(detail.cachedTokens)} cached)` : ''),
      ],
      ['Tokens out', count(detail.outputTokens)],
      ['Cost', formatCost(detail.costUsd)],
      ['Finish', detail.finishReason === 'length' ? 'cut at the token limit' : (detail.finishReason ?? 'unknown')],
      ['Attempts', String(detail.attempts)],
      ['Settings', settings.join(', ') || 'none'],
      ['Hash', detail.hash],
    ];
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: flex; flex-direction: column; min-height: 0; background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
      .head { display: flex; align-items: flex-start; gap: 8px; padding: 8px 8px 8px 16px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
      h3 { font-size: 13px; font-weight: 600; }
      .clamp { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
      .body { flex: 1; min-height: 0; overflow: auto; padding: 8px 16px 16px; display: flex; flex-direction: column; gap: 8px; }
      .body h2 { margin-top: 8px; }
      ul { list-style: none; gap: 4px; }
      .status, .check { display: flex; align-items: flex-start; gap: 6px; }
      .status { text-transform: capitalize; font-weight: 600; }
      .status.pass vscode-icon, .check.pass vscode-icon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
      .status.fail vscode-icon, .check.fail vscode-icon { color: var(--vscode-testing-iconFailed, var(--vscode-charts-red)); }
      .status.error vscode-icon { color: var(--vscode-editorWarning-foreground); }
      .check span { overflow-wrap: anywhere; }
      pre { margin: 0; flex: none; padding: 8px 12px; max-height: 40vh; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 4px; line-height: 1.5; }
      dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; }
      dt { color: var(--vscode-descriptionForeground); }
      dd { overflow-wrap: anywhere; }
    `,
  ];
}

define('pv-cell-detail', CellDetailPane);
