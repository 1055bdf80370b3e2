import { html, nothing, type TemplateResult } from 'lit';
import type { Variable } from '../../src/vault/types.ts';
import { plural } from '../shared/format.ts';
import type { Library } from './library.ts';
import { copyButton, promptText } from './pieces.ts';
import { messagesText, showHidden } from './plainText.ts';
import { missingValues, type PromptView, type ShownVersion } from './shownPrompt.ts';

/** The whole text of a version, its settings, and the text with values filled in. */
export function versionView(library: Library, view: PromptView, version: ShownVersion): TemplateResult {
  const { messages, settings, variables } = version;
  const named = Object.keys(settings).sort();
  return html`
    <section aria-label="Text">
      <div class="bar"><h2>Text</h2>${copyButton('Copy as Written', messagesText(messages), library.say)}</div>
      ${messages.map(({ role, content }) => html`<article class="message"><h3>${role}</h3>${promptText(content)}</article>`)}
    </section>
    ${variables.length > 0 ? fillIn(library, view, variables) : nothing}
    ${
      named.length > 0
        ? html`<section><h2>Settings</h2><dl>${named.map((name) => html`<dt>${showHidden(name)}</dt><dd>${showHidden(asText(settings[name]))}</dd>`)}</dl></section>`
        : nothing
    }
    <p class="quiet hash">${version.hash}</p>`;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function fillIn(library: Library, view: PromptView, variables: Variable[]): TemplateResult {
  const { values, rendered, renderFailure } = view;
  const missing = missingValues(view);
  return html`<section aria-label="Fill in">
    <div class="bar"><h2>Fill in</h2>${rendered ? copyButton('Copy Filled In', messagesText(rendered.messages), library.say) : nothing}</div>
    <div class="values">${variables.map((variable) => valueField(library, variable, values))}</div>
    ${missing.length > 0 ? html`<p class="quiet" role="status">Still to fill in: ${missing.join(', ')}.</p>` : nothing}
    ${renderFailure ? html`<p class="problem" role="alert">${renderFailure}</p>` : nothing}
    ${
      rendered
        ? html`${rendered.messages.map(({ role, content }) => html`<article class="message filled"><h3>${role}</h3><pre tabindex="0" aria-label="Filled in">${showHidden(content)}</pre></article>`)}
          ${rendered.warnings.length > 0 ? html`<p class="quiet">${plural(rendered.warnings.length, 'place')} in braces stayed as typed: ${showHidden(rendered.warnings.map(({ text }) => text).join(', '))}</p>` : nothing}`
        : nothing
    }
  </section>`;
}

function valueField(
  library: Library,
  { name, default: preset, description }: Variable,
  values: PromptView['values'],
): TemplateResult {
  const typed = (event: Event) => library.fill(name, (event.target as HTMLTextAreaElement).value);
  const hint = description ? html`<span class="quiet">${showHidden(description)}</span>` : nothing;
  return html`<label><span><code>${name}</code>${preset === undefined ? ' (required)' : nothing} ${hint}</span>
    <textarea rows="1" .value=${values[name] ?? ''} placeholder=${preset === undefined ? '' : showHidden(preset)} @input=${typed}></textarea></label>`;
}
