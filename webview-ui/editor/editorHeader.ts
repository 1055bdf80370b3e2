import '../shared/menu.ts';
import { css, html, LitElement, nothing } from 'lit';
import type { EditorAction, EditorState } from '../../src/engine/panels.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { actionButton, iconButton, stageBadge } from '../shared/pieces.ts';
import { originOf, productionPeriod } from '../shared/versionFacts.ts';
import { compareItems, headerButtons } from './editorActions.ts';

const history = 'history' satisfies EditorAction;

/** Which version this is and what may be done with it. Fires `act` with an id, `label` {add?, remove?}, `undo`, `redo` and `openVersion`. */
class EditorHeader extends LitElement {
  static override properties = {
    state: { attribute: false },
    dirty: { type: Boolean },
    saving: { type: Boolean },
    saveProblem: {},
    canUndo: { type: Boolean },
    canRedo: { type: Boolean },
  };
  declare state: EditorState;
  declare dirty: boolean;
  declare saving: boolean;
  declare saveProblem: string | null;
  declare canUndo: boolean;
  declare canRedo: boolean;

  override render() {
    const { version, readOnlyReason, vaultName } = this.state;
    const facts = [
      vaultName && `in ${vaultName}`,
      originOf(version),
      readOnlyReason ? null : productionPeriod(version, new Date()),
    ].filter(Boolean);
    return html`<header>
      <div class="row facts">
        <h1 class="ellipsis" title=${version.path}>${version.path}</h1>
        <span class="version numbers">v${version.version}</span>
        ${stageBadge(version.stage)}
        ${this.renderVersions()}
        ${this.renderLabels()}
        ${facts.map((fact) => html`<span class="quiet">${fact}</span>`)}
        <span class="grow"></span>
        ${readOnlyReason ? nothing : this.renderSaved()}
      </div>
      <div class="row" role="toolbar" aria-label="Actions">
        ${readOnlyReason ? nothing : actionButton({ label: 'Save', primary: this.dirty, run: () => emit(this, 'act', 'save'), reason: this.notSavable, hint: 'Save (Ctrl+S)' })}
        ${headerButtons(this.state).map(({ id, label, reason }) => actionButton({ label, reason, run: () => emit(this, 'act', id) }))}
        ${this.renderCompare()}
      </div>
    </header>`;
  }

  private renderVersions() {
    const { version, siblings } = this.state;
    const items = siblings.map((one) => ({
      value: one.version,
      label: `v${one.version} ${one.stage}`,
      description: one.rationale || undefined,
      icon: one.version === version.version ? 'check' : 'blank',
    }));
    const choose = (event: CustomEvent<string>) => {
      if (event.detail === history) emit(this, 'act', history);
      else emit(this, 'openVersion', event.detail);
    };
    return html`<pv-menu kind="icon" icon="versions" label="Versions of this prompt" @choose=${choose}
      .items=${[...items, { value: history, label: 'Show in the Versions view', icon: 'history' }]}></pv-menu>`;
  }

  /** Labels say nothing of the content, so every stage may have them. */
  private renderLabels() {
    const { version, knownLabels, vaultReadOnly } = this.state;
    const { labels } = version;
    const items = knownLabels.filter((label) => !labels.includes(label)).map((label) => ({ value: label, label }));
    const add = ({ detail }: CustomEvent<string>) => emit(this, 'label', detail === '' ? {} : { add: detail });
    return html`<ul class="labels" aria-label="Labels">${labels.map(
      (label) => html`<li class="chip ${vaultReadOnly ? 'plain' : ''}"><span class="ellipsis">${label}</span>
        ${vaultReadOnly ? nothing : iconButton({ icon: 'close', label: `Remove label ${label}`, run: () => emit(this, 'label', { remove: label }) })}</li>`,
    )}</ul>
    ${vaultReadOnly ? nothing : html`<pv-menu kind="icon" icon="bookmark" label="Add a label" @choose=${add} .items=${[...items, { value: '', label: 'New label…', icon: 'add' }]}></pv-menu>`}`;
  }

  private get notSavable() {
    if (this.saving) return 'Saving…';
    return this.dirty ? this.saveProblem : 'Nothing to save';
  }

  private renderSaved() {
    const text = this.saving
      ? 'Saving…'
      : this.dirty
        ? 'Unsaved changes'
        : `Saved · revision ${this.state.version.revision}`;
    return html`<span class="saved quiet">
      ${this.dirty ? html`<vscode-icon name="circle-filled" size="10"></vscode-icon>` : nothing}<span role="status">${text}</span>
      ${iconButton({ icon: 'discard', label: 'Undo', disabled: !this.canUndo, run: () => emit(this, 'undo') })}
      ${iconButton({ icon: 'redo', label: 'Redo', disabled: !this.canRedo, run: () => emit(this, 'redo') })}
    </span>`;
  }

  private renderCompare() {
    const items = compareItems(this.state, this.dirty);
    const reason = items.length === 0 ? 'There is no other version yet' : null;
    return html`<pv-menu label="Compare" .items=${items} .reason=${reason}
      @choose=${(event: CustomEvent<string>) => emit(this, 'act', event.detail)}></pv-menu>`;
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; }
      header { display: flex; flex-direction: column; gap: 8px; padding: 8px 16px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
      .facts { gap: 4px 8px; min-height: 24px; }
      h1 { font-size: 14px; font-weight: 600; max-width: 100%; }
      .labels { display: contents; list-style: none; }
      .labels .chip { height: 20px; }
      .version { font-weight: 600; }
      .saved { display: inline-flex; align-items: center; gap: 4px; white-space: nowrap; }
    `,
  ];
}

define('pv-editor-header', EditorHeader);
