import '../shared/menu.ts';
import { css, html, LitElement } from 'lit';
import type { EditorSample } from '../../src/engine/panels.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';

/** The head of a sample's column. Fires `chooseSample` (id), `renameSample` {id, name}, `copySample` and `removeSample` (id). */
class SampleHead extends LitElement {
  static override properties = {
    sample: { attribute: false },
    chosen: { type: Boolean },
    only: { type: Boolean },
    renaming: { state: true },
  };
  declare sample: EditorSample;
  declare chosen: boolean;
  declare only: boolean;
  declare renaming: boolean;

  constructor() {
    super();
    this.renaming = false;
  }

  override render() {
    const { id, name } = this.sample;
    if (this.renaming)
      return html`<input aria-label="Name of ${name}" .value=${name} @keydown=${this.nameKey} @blur=${this.rename}>`;
    const items = [
      { value: 'rename', label: 'Rename', icon: 'edit' },
      { value: 'copySample', label: 'Duplicate', icon: 'copy' },
      ...(this.only ? [] : [{ value: 'removeSample', label: 'Remove', icon: 'trash' }]),
    ];
    const act = (event: CustomEvent<string>) => {
      event.stopPropagation();
      if (event.detail === 'rename') void this.startRename();
      else emit(this, event.detail, id);
    };
    return html`<button class="link ellipsis" type="button" aria-pressed=${this.chosen} title="Show ${name} in the preview"
        @click=${() => emit(this, 'chooseSample', id)} @dblclick=${this.startRename}>${name}</button>
      <pv-menu kind="icon" icon="ellipsis" label="More for ${name}" .items=${items} @choose=${act}></pv-menu>`;
  }

  private async startRename() {
    this.renaming = true;
    await this.updateComplete;
    const input = this.renderRoot.querySelector('input');
    input?.focus();
    input?.select();
  }

  private nameKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    if (event.key === 'Escape') (event.target as HTMLInputElement).value = this.sample.name;
    (event.target as HTMLInputElement).blur();
  }

  private rename(event: Event) {
    this.renaming = false;
    const name = (event.target as HTMLInputElement).value;
    if (name !== this.sample.name) emit(this, 'renameSample', { id: this.sample.id, name });
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: flex; align-items: center; gap: 4px; min-width: 0; }
      button.link { flex: 1; min-width: 0; font-weight: 600; color: var(--vscode-foreground); }
      input { width: 100%; min-width: 0; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-focusBorder); }
    `,
  ];
}

define('pv-sample-head', SampleHead);
