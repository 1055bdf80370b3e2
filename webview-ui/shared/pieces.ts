import '@vscode-elements/elements/dist/vscode-button/index.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { Stage } from '../../src/vault/types.ts';
import './icons.ts';

const stageNames: Record<Stage, string> = { DEV: 'Development', TST: 'Test', PRD: 'Production', RET: 'Retired' };

/** The letters carry the meaning; the colour only helps. */
export function stageBadge(stage: Stage): TemplateResult {
  return html`<span class="stage ${stage}" title=${stageNames[stage]}>${stage}</span>`;
}

export type ActionButton = {
  label: string;
  icon?: string;
  run: () => void;
  /** Why it cannot be pressed now. It stays in the tab order, so that the reason can be read by everybody. */
  reason?: string | null;
  primary?: boolean;
  hint?: string;
};

export function actionButton({ label, icon = '', run, reason, primary, hint }: ActionButton): TemplateResult {
  const press = (event: Event) => {
    if (!reason) run();
    else event.stopPropagation();
  };
  // The button acts as soon as the key goes down: the same key must not be typed into what the action gave the focus to.
  const swallow = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') event.preventDefault();
  };
  return html`<vscode-button
    ?secondary=${!primary}
    icon=${icon}
    title=${reason ?? hint ?? nothing}
    aria-disabled=${reason ? 'true' : nothing}
    @click=${press}
    @keydown=${swallow}
    >${label}</vscode-button
  >`;
}

export function iconButton(p: { icon: string; label: string; run: () => void; disabled?: boolean }): TemplateResult {
  return html`<button class="icon" type="button" title=${p.label} aria-label=${p.label} ?disabled=${p.disabled ?? false} @click=${p.run}>
    <vscode-icon name=${p.icon}></vscode-icon>
  </button>`;
}

export function linkButton(label: string, run: () => void): TemplateResult {
  return html`<button class="link" type="button" @click=${run}>${label}</button>`;
}

const barIcons = { info: 'info', warning: 'warning', error: 'error' } as const;
export type Bar = { kind: keyof typeof barIcons; text: string; actions?: (TemplateResult | typeof nothing)[] };

/** One line across the panel: what happened and what can be done about it. */
export function bar({ kind, text, actions = [] }: Bar): TemplateResult {
  return html`<div class="bar ${kind}" role=${kind === 'info' ? 'status' : 'alert'}>
    <vscode-icon name=${barIcons[kind]}></vscode-icon>
    <div class="row"><span>${text}</span>${actions}</div>
  </div>`;
}

/** Placeholders for `rows` lines, of uneven widths. */
export function skeleton(rows: number): TemplateResult {
  const line = (_: unknown, index: number) =>
    html`<div class="skeleton" .style=${`width: ${90 - ((index * 37) % 50)}%`}></div>`;
  return html`<div class="stack" role="status" aria-label="Loading">${Array.from({ length: rows }, line)}</div>`;
}
