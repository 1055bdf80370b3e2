import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { baseStyles } from '../shared/baseStyles.ts';
import { define, emit } from '../shared/define.ts';
import { iconButton } from '../shared/pieces.ts';
import type { Draft } from './draft.ts';

type TextField = 'title' | 'description' | 'rationale';
const textOf = (event: Event) => (event.target as HTMLInputElement).value;

/** The words around a prompt. `section` chooses what is shown; fires `detail` with the changed field. */
class DetailsPane extends LitElement {
  static override properties = { draft: { attribute: false }, readOnly: { type: Boolean }, section: {} };
  declare draft: Draft;
  declare readOnly: boolean;
  declare section: 'prompt' | 'rationale';

  override render() {
    if (this.section === 'rationale')
      return this.renderArea('rationale', 'Why this version exists', 'What changed, and why');
    return html`<div class="stack">
      <div><label for="title">Title</label>
        <vscode-textfield id="title" .label=${'Title'} ?readonly=${this.readOnly} .value=${this.draft.title}
          @input=${(event: Event) => this.change('title', textOf(event))}></vscode-textfield></div>
      <div><label for="description">Description</label>${this.renderArea('description', 'Description', 'What this prompt is for')}</div>
      ${this.renderTags()}
    </div>`;
  }

  private renderArea(name: TextField, label: string, hint: string) {
    return html`<vscode-textarea id=${name} .label=${label} placeholder=${this.readOnly ? '' : hint} rows="2" resize="vertical" ?readonly=${this.readOnly}
      .value=${this.draft[name]} @input=${(event: Event) => this.change(name, textOf(event))}></vscode-textarea>`;
  }

  private renderTags() {
    const { tags } = this.draft;
    return html`<div>
      <label for="tag">Tags</label>
      <div class="row tags">
        ${tags.map(
          (tag) => html`<span class="chip ${this.readOnly ? 'plain' : ''}"><span class="ellipsis">${tag}</span>
          ${this.readOnly ? nothing : iconButton({ icon: 'close', label: `Remove tag ${tag}`, run: () => this.setTags(tags.filter((one) => one !== tag)) })}</span>`,
        )}
        ${this.readOnly ? nothing : html`<vscode-textfield id="tag" .label=${'Add a tag'} placeholder="add a tag, Enter" @keydown=${this.tagKey} @change=${this.addTag}></vscode-textfield>`}
        ${this.readOnly && tags.length === 0 ? html`<span class="quiet">none</span>` : nothing}
      </div>
    </div>`;
  }

  private tagKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' && event.key !== ',') return;
    event.preventDefault();
    this.addTag(event);
  }

  private addTag(event: Event) {
    const field = event.currentTarget as HTMLInputElement;
    const added = field.value
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean);
    field.value = '';
    if (added.length > 0) this.setTags([...new Set([...this.draft.tags, ...added])]);
  }

  private setTags(tags: string[]) {
    emit(this, 'detail', { tags });
  }
  private change(name: TextField, text: string) {
    emit(this, 'detail', { [name]: text });
  }

  static override styles = [
    baseStyles,
    css`
      :host { display: block; }
      label { display: block; margin-bottom: 2px; font-size: 12px; color: var(--vscode-descriptionForeground); }
      .tags { gap: 4px; }
      .tags vscode-textfield { flex: 1 1 120px; width: auto; min-width: 120px; }
    `,
  ];
}

define('pv-details', DetailsPane);
