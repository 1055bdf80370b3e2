import { css, html, LitElement, nothing } from 'lit';
import type { RenderWarning } from '../../src/vault/types.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { formatCost, formatLatency, formatTokens, plural } from '../shared/format.ts';
import { actionButton, linkButton, skeleton } from '../shared/pieces.ts';
import type { PreviewView } from './preview.ts';
import { warningLines } from './previewText.ts';
import type { TryView } from './tryOut.ts';

/** What a model would be sent, what it costs, and one try. Fires `try`, `cancelTry`, `giveValue` (name), `needKey`, `showLog` and `fold`. */
class PreviewPane extends LitElement {
  static override properties = {
    preview: { attribute: false },
    attempt: { attribute: false },
    model: {},
    sample: {},
    folded: { type: Boolean },
  };
  declare preview: PreviewView | null;
  declare attempt: TryView;
  declare model: string;
  /** The sample whose values are shown; empty when there is one only. */
  declare sample: string;
  /** Only its head is shown. */
  declare folded: boolean;

  override render() {
    return html`
      <div class="row head">
        <button class="fold" type="button" aria-expanded=${!this.folded} @click=${() => emit(this, 'fold')}>
          <vscode-icon name=${this.folded ? 'chevron-right' : 'chevron-down'}></vscode-icon><h2>Preview${this.sample ? ` of ${this.sample}` : ''}</h2></button>
        <span class="quiet numbers">${this.costLine}</span>
        ${this.renderMissing()}
        <span class="row end"><span class="quiet ellipsis" title="The model of the settings">${this.model}</span>
        ${
          this.attempt.running
            ? actionButton({ label: 'Cancel', icon: 'debug-stop', run: () => emit(this, 'cancelTry') })
            : actionButton({ label: 'Try It', icon: 'play', run: () => emit(this, 'try'), reason: this.notTriable })
        }</span>
      </div>
      ${
        this.folded
          ? nothing
          : html`<div class="body stack">
              ${this.renderAttempt()}
              ${this.renderWarnings(this.preview?.rendered?.warnings ?? [])}
              ${this.renderMessages()}
            </div>`
      }`;
  }

  private get costLine() {
    const tokens = this.preview?.tokens;
    if (!tokens) return '';
    const cost = tokens.costUsd === null ? 'cost unknown' : `≈ ${formatCost(tokens.costUsd)} per call`;
    return `${plural(tokens.tokens, 'token')} · ${cost}`;
  }

  private get notTriable() {
    const missing = this.preview?.missing ?? [];
    if (missing.length > 0) return `Give ${missing.join(', ')} a value first`;
    return this.isEmpty ? 'Write a message first' : null;
  }

  private get isEmpty() {
    return this.preview?.rendered?.messages.every(({ content }) => content === '') ?? false;
  }

  /** Why nothing can be tried yet is said beside the greyed button, and leads to the field. */
  private renderMissing() {
    const missing = this.preview?.missing ?? [];
    const [first, ...rest] = missing;
    if (first === undefined) return nothing;
    const named = rest.length > 0 ? `${first} and ${rest.length} more` : first;
    return linkButton(`Give ${named} a value`, () => emit(this, 'giveValue', first));
  }

  private renderMessages() {
    const { preview } = this;
    if (!preview) return skeleton(3);
    if (!preview.rendered) return html`<p class="problem">${preview.failure?.message ?? ''}</p>`;
    if (this.isEmpty) return html`<p class="quiet">Nothing to show yet. Write a message.</p>`;
    return preview.rendered.messages.map(
      ({ role, content }) =>
        html`<section><h3>${role}</h3><pre class="mono" tabindex="0" aria-label="Rendered ${role} message">${content}</pre></section>`,
    );
  }

  private renderWarnings(warnings: RenderWarning[]) {
    return warningLines(warnings).map(
      (line) =>
        html`<p class="warn small"><vscode-icon name="warning" size="14"></vscode-icon><span>${line}</span></p>`,
    );
  }

  private renderAttempt() {
    const { running, text, waiting, result, failure } = this.attempt;
    if (!running && !result && !failure) return nothing;
    return html`<section class="answer" aria-label="Answer">
      <div class="row small">
        <h3>Answer</h3>
        <span class="quiet numbers" role="status">${running ? (waiting ?? 'Answering…') : this.resultLine}</span>
      </div>
      ${failure ? this.renderFailure() : html`<pre class="mono" tabindex="0" aria-label="Answer of the model">${text}${running ? html`<span class="caret"></span>` : nothing}</pre>`}
    </section>`;
  }

  private renderFailure() {
    const { failure, text } = this.attempt;
    if (!failure) return nothing;
    const next =
      failure.code === 'KEY_MISSING'
        ? linkButton('Set key…', () => emit(this, 'needKey'))
        : linkButton('Show log', () => emit(this, 'showLog'));
    const cancelled = failure.code === 'CANCELLED';
    return html`${text ? html`<pre class="mono" tabindex="0" aria-label="Answer so far">${text}</pre>` : nothing}
      <p class=${cancelled ? 'quiet' : 'problem'}>${cancelled ? 'Cancelled.' : failure.message} ${cancelled ? nothing : next}</p>`;
  }

  private get resultLine() {
    const { result, model } = this.attempt;
    if (!result) return '';
    const tokens =
      result.inputTokens === null || result.outputTokens === null
        ? 'tokens unknown'
        : `${formatTokens(result.inputTokens)} in, ${formatTokens(result.outputTokens)} out`;
    const cut = result.finishReason === 'length' ? 'cut at max tokens' : null;
    return [model, formatLatency(result.latencyMs), tokens, formatCost(result.costUsd), cut]
      .filter(Boolean)
      .join(' · ');
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: flex; flex-direction: column; min-height: 0; }
      .head { min-height: 26px; padding: 4px 16px 4px 12px; flex: none; }
      .end { flex-wrap: nowrap; min-width: 0; margin-inline-start: auto; }
      .body { flex: 1; min-height: 0; overflow: auto; padding: 4px 16px 16px; }
      .fold { display: inline-flex; align-items: center; gap: 2px; padding: 2px 4px 2px 0; color: inherit; background: none; border: none; cursor: pointer; }
      h3 { font-size: 11px; font-weight: 600; text-transform: uppercase; letter-spacing: 0.04em; color: var(--vscode-descriptionForeground); }
      pre { margin: 4px 0 0; padding: 8px 12px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--vscode-editor-foreground); background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 4px; line-height: 1.5; }
      .answer pre { border-inline-start: 2px solid var(--vscode-focusBorder); }
      .warn { display: flex; align-items: center; gap: 4px; }
      .warn vscode-icon { color: var(--vscode-editorWarning-foreground); }
      .caret { display: inline-block; width: 7px; height: 1em; vertical-align: text-bottom; background: var(--vscode-editorCursor-foreground); animation: blink 1s steps(2) infinite; }
      @keyframes blink { 50% { opacity: 0; } }
    `,
  ];
}

define('pv-preview', PreviewPane);
