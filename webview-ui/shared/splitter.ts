import { css, html, LitElement } from 'lit';
import { define, emit } from './define.ts';

const limits = { least: 12, most: 80 };
const steps: { [key: string]: number } = { ArrowUp: 4, ArrowDown: -4, PageUp: 16, PageDown: -16 };

/** The upper edge of something docked at the bottom of the window. Fires `resize` with its height in percent of the window's. */
class Splitter extends LitElement {
  static override properties = { size: { type: Number }, label: {} };
  declare size: number;
  declare label: string;

  constructor() {
    super();
    this.size = 30;
    this.label = 'Resize';
  }

  override render() {
    return html`<div role="separator" tabindex="0" aria-orientation="horizontal" aria-label=${this.label}
      aria-valuenow=${Math.round(this.size)} aria-valuemin=${limits.least} aria-valuemax=${limits.most}
      @keydown=${this.key} @pointerdown=${this.grab} @pointermove=${this.drag}></div>`;
  }

  private key(event: KeyboardEvent) {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.tell(this.size + step);
  }

  private grab(event: PointerEvent) {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent) {
    const held = (event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId);
    if (held) this.tell(((window.innerHeight - event.clientY) / window.innerHeight) * 100);
  }

  private tell(size: number) {
    emit(this, 'resize', Math.min(limits.most, Math.max(limits.least, size)));
  }

  static override styles = css`
    :host { display: block; height: 0; position: relative; z-index: 1; }
    div { position: absolute; inset: -2px 0 auto; height: 5px; cursor: ns-resize; touch-action: none; outline: none; }
    div:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
    div:hover, div:active, div:focus-visible { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); }
  `;
}

define('pv-splitter', Splitter);
