import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PromptSummary } from '../../src/vault/types.ts';
import { formatNumber, plural } from '../shared/format.ts';
import { namesIn } from './groupNames.ts';
import type { Library } from './library.ts';
import { problem, skeleton, stageMark } from './pieces.ts';
import { showHidden } from './plainText.ts';
import type { ListView } from './promptList.ts';
import { type Filters, noFilters, routeHash } from './route.ts';

const stageChoices = { DEV: 'In development', TST: 'In test', PRD: 'In production', RET: 'Retired' } as const;

export function listPane(library: Library): TemplateResult {
  const { list, route } = library.view;
  const { filters } = route;
  return html`<nav class="list" aria-label="Prompts">
    ${filterForm(library, filters)}
    ${list ? found(library, list) : skeleton(8)}
  </nav>`;
}

function filterForm(library: Library, filters: Filters): TemplateResult {
  const typed = (name: keyof Filters) => (event: Event) =>
    library.filter({ [name]: (event.target as HTMLInputElement).value });
  const names = library.view.names ?? namesIn(library.view.list?.prompts ?? []);
  const choice = (name: 'folder' | 'tag', label: string) => html`<div>
    <label for=${name}>${label}</label>
    <input id=${name} list="${name}s" .value=${filters[name]} @change=${typed(name)} autocomplete="off" spellcheck="false" placeholder="Any">
    <datalist id="${name}s">${names[name].map((one) => html`<option value=${one}></option>`)}</datalist>
  </div>`;
  const released = library.view.productionOnly;
  return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
    ${
      released
        ? html`<p class="wide quiet">This token sees what is in production. Searching texts needs the scope read.</p>`
        : html`<div class="wide"><label for="search">Search</label>
          <input id="search" type="search" .value=${filters.search} @input=${typed('search')} autocomplete="off" placeholder="Words in names and texts"></div>`
    }
    ${choice('folder', 'Folder')}
    ${choice('tag', 'Tag')}
    <div ?hidden=${released}><label for="stage">Stage</label>
      <select id="stage" .value=${filters.stage} @change=${typed('stage')}>
        <option value="">Any</option>
        ${Object.entries(stageChoices).map(([stage, label]) => html`<option value=${stage} ?selected=${stage === filters.stage}>${label}</option>`)}
      </select></div>
  </form>`;
}

function found(library: Library, list: ListView): TemplateResult {
  const { filters } = library.view.route;
  const filtered = Object.values(filters).some(Boolean);
  if (list.phase === 'loading') return skeleton(8);
  if (list.phase === 'failed') return problem(list.failure ?? '', library.reload);
  if (list.prompts.length === 0) return filtered ? noneFits(library) : emptyVault();
  return html`<p class="quiet count" role="status">${plural(list.total, 'prompt')}${list.capped ? ' or more' : ''}${filtered ? ' found' : ''}</p>
    <ul class="prompts">${repeat(
      list.prompts,
      ({ path }) => path,
      (prompt) => row(library, prompt),
    )}</ul>
    ${list.next ? moreButton(library, list) : nothing}`;
}

function row(library: Library, { path, title, stages, tags, snippet }: PromptSummary): TemplateResult {
  const { route } = library.view;
  const at = path.lastIndexOf('/') + 1;
  const [folder, name] = [path.slice(0, Math.max(0, at - 1)), path.slice(at)];
  const drafts = (['TST', 'DEV'] as const).filter((stage) => stages[stage] > 0);
  const address = routeHash({ path, version: null, compare: null, filters: route.filters });
  return html`<li><a href=${address} aria-current=${path === route.path ? 'page' : nothing}>
    <span class="title"><strong>${name}</strong>${title && title !== name ? html` <span>${showHidden(title)}</span>` : nothing}</span>
    <span class="marks">${stages.PRD ? html`v${stages.PRD} ${stageMark('PRD')}` : nothing}${drafts.map(stageMark)}</span>
    <span class="quiet">${folder}${tags.length > 0 ? ` · ${tags.map(showHidden).join(', ')}` : ''}</span>
    ${snippet ? html`<span class="quiet snippet">${showHidden(snippet)}</span>` : nothing}
  </a></li>`;
}

// More rows come as the end of the list comes into sight, or by the button.
const inSight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) (target as HTMLElement).click();
});

function moreButton(library: Library, { prompts, total, loadingMore }: ListView): TemplateResult {
  const left = total - prompts.length;
  return html`<button type="button" class="more" ${ref((button) => button && inSight.observe(button))} ?disabled=${loadingMore} @click=${library.more}>
    ${loadingMore ? 'Loading…' : left > 0 ? `Show More (${formatNumber(left)} left)` : 'Show More'}</button>`;
}

const noneFits = (library: Library) => html`<div class="empty">
  <p>No prompt fits.</p>
  <button type="button" @click=${() => library.filter(noFilters)}>Clear Search and Filters</button>
</div>`;

const emptyVault = () => html`<div class="empty">
  <p>There is nothing to read yet.</p>
  <p class="quiet">Prompts are written in VS Code or with <code>promptvault new</code>. A token with the scope read-prd sees what is in production only.</p>
</div>`;
