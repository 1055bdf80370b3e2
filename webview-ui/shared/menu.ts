import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { define, emit } from './define.ts';
import './icons.ts';
import { menuTarget } from './menuKeys.ts';

export type MenuItem = {
  value: string;
  label: string;
  description?: string;
  icon?: string;
  /** A tick box: the menu stays open while several are chosen. */
  checked?: boolean;
};

/** A button with a list of choices; fires `choose` with the value. Arrows, Home, End and letters move; Escape closes. */
class MenuButton extends LitElement {
  static override properties = {
    items: { attribute: false },
    label: {},
    icon: {},
    hint: {},
    kind: {},
    empty: {},
    reason: {},
    open: { state: true },
  };
  declare items: MenuItem[];
  declare label: string;
  declare icon: string;
  declare hint: string;
  /** `button` has a label, `icon` only a picture (the label is its name). */
  declare kind: 'button' | 'icon';
  declare empty: string;
  declare reason: string | null;
  declare open: boolean;

  constructor() {
    super();
    Object.assign(this, {
      items: [],
      label: '',
      icon: '',
      hint: '',
      kind: 'button',
      empty: 'Nothing to choose',
      reason: null,
    });
    this.open = false;
  }

  override render() {
    const expanded = this.open ? 'true' : 'false';
    const disabled = this.reason ? 'true' : nothing;
    const title = this.reason || this.hint || (this.kind === 'icon' ? this.label : nothing);
    const icon = this.icon ? html`<vscode-icon name=${this.icon}></vscode-icon>` : nothing;
    return html`
      <button type="button" class=${this.kind === 'icon' ? 'icon' : 'face'} id="face" title=${title}
        aria-label=${this.label} aria-haspopup="menu" aria-expanded=${expanded} aria-disabled=${disabled}
        @click=${this.toggle} @keydown=${this.faceKey}>
        ${icon}${this.kind === 'icon' ? nothing : html`<span>${this.label}</span><vscode-icon name="chevron-down"></vscode-icon>`}
      </button>
      <div id="list" popover="auto" role="menu" aria-label=${this.label} @toggle=${this.toggled} @keydown=${this.listKey}>
        ${this.open ? this.items.map((item) => this.renderItem(item)) : nothing}
        ${this.open && this.items.length === 0 ? html`<div class="none quiet" role="menuitem" aria-disabled="true" tabindex="-1">${this.empty}</div>` : nothing}
      </div>`;
  }

  private renderItem(item: MenuItem) {
    const ticks = item.checked !== undefined;
    const icon = ticks ? (item.checked ? 'check' : 'blank') : item.icon;
    return html`<button type="button" tabindex="-1" role=${ticks ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked=${ticks ? String(item.checked) : nothing} @click=${() => this.choose(item)}>
      ${icon ? html`<vscode-icon name=${icon}></vscode-icon>` : nothing}
      <span class="text"><span>${item.label}</span>${item.description ? html`<span class="quiet small">${item.description}</span>` : nothing}</span>
    </button>`;
  }

  private get list() {
    return this.renderRoot.querySelector<HTMLElement>('#list');
  }
  private get face() {
    return this.renderRoot.querySelector<HTMLElement>('#face');
  }

  private toggle() {
    if (this.reason) return;
    if (this.open) this.list?.hidePopover();
    else void this.show();
  }

  private async show() {
    const [list, face] = [this.list, this.face];
    if (!list || !face) return;
    this.open = true;
    await this.updateComplete;
    list.showPopover();
    place(list, face.getBoundingClientRect());
    list.querySelector('button')?.focus();
  }

  private toggled(event: ToggleEvent) {
    this.open = event.newState === 'open';
  }

  private choose(item: MenuItem) {
    if (item.checked === undefined) {
      this.list?.hidePopover();
      this.face?.focus();
    }
    emit(this, 'choose', item.value);
  }

  private faceKey(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' || this.open) return;
    event.preventDefault();
    this.toggle();
  }

  private listKey(event: KeyboardEvent) {
    const buttons = [...(this.list?.querySelectorAll('button') ?? [])];
    const current = buttons.indexOf(event.target as HTMLButtonElement);
    if (event.key === 'Tab' || event.key === 'Escape') {
      if (event.key === 'Escape') event.stopPropagation();
      this.list?.hidePopover();
      this.face?.focus();
      return;
    }
    const next = menuTarget({ key: event.key, current, labels: this.items.map(({ label }) => label) });
    if (next === null) return;
    event.preventDefault();
    buttons[next]?.focus();
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: inline-block; }
      .face { display: inline-flex; align-items: center; gap: 4px; height: 26px; padding: 0 6px 0 10px; font: inherit; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border: 1px solid var(--vscode-contrastBorder, var(--vscode-button-secondaryBorder, transparent)); border-radius: 4px; cursor: pointer; white-space: nowrap; }
      .face:hover { background: var(--vscode-button-secondaryHoverBackground); }
      .face[aria-disabled='true'] { opacity: 0.5; cursor: default; }
      @media (max-width: 640px) { :host([compact]) .face > span, :host([compact]) .face > vscode-icon:last-child { display: none; } :host([compact]) .face { padding: 0 6px; } }
      #list { position: fixed; margin: 0; padding: 4px; min-width: 160px; max-width: min(420px, 92vw); max-height: 50vh; overflow: auto; color: var(--vscode-menu-foreground); background: var(--vscode-menu-background); border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, transparent)); border-radius: 5px; box-shadow: 0 2px 8px var(--vscode-widget-shadow); }
      #list button { display: flex; align-items: flex-start; gap: 8px; width: 100%; padding: 4px 8px; font: inherit; text-align: start; color: inherit; background: none; border: 1px solid transparent; border-radius: 3px; cursor: pointer; }
      #list button:hover, #list button:focus { color: var(--vscode-menu-selectionForeground); background: var(--vscode-menu-selectionBackground); outline: 1px solid var(--vscode-menu-selectionBorder, transparent); outline-offset: -1px; }
      #list button:hover .quiet, #list button:focus .quiet { color: inherit; }
      .text { display: flex; flex-direction: column; min-width: 0; overflow-wrap: anywhere; }
      .none { padding: 4px 8px; }
    `,
  ];
}

function place(list: HTMLElement, face: DOMRect) {
  const { width, height } = list.getBoundingClientRect();
  const below = face.bottom + height + 4 <= window.innerHeight || face.top < height;
  list.style.left = `${Math.max(4, Math.min(face.left, window.innerWidth - width - 4))}px`;
  list.style.top = `${below ? face.bottom + 2 : face.top - height - 2}px`;
}

define('pv-menu', MenuButton);
