import { html, nothing, type TemplateResult } from 'lit';
import type { VersionInfo } from '../../src/vault/types.ts';
import { formatAgo } from '../shared/format.ts';
import { originOf, productionPeriod } from '../shared/versionFacts.ts';
import { changesView } from './changesView.ts';
import type { Library } from './library.ts';
import { problem, skeleton, stageMark } from './pieces.ts';
import { showHidden } from './plainText.ts';
import { noFilters, type Route, routeHash } from './route.ts';
import type { PromptView, ShownVersion } from './shownPrompt.ts';
import { versionView } from './versionView.ts';

const address = (library: Library, changes: Partial<Route>) =>
  routeHash({ ...library.view.route, version: null, compare: null, ...changes });

export function promptPane(library: Library, view: PromptView): TemplateResult {
  const { path, phase, failure, version, changes, newer } = view;
  return html`
    <a class="back" href=${address(library, { path: null })}>← All prompts</a>
    ${phase === 'loading' ? skeleton(10) : nothing}
    ${phase === 'failed' ? html`<h1 tabindex="-1">${path}</h1>${problem(failure ?? '', library.reload)}` : nothing}
    ${
      phase === 'ready' && version
        ? html`${heading(library, version)}
          ${newer ? html`<p class="note" role="status">A newer version is in production. <a href=${address(library, { path, version: newer })}>Show v${newer}</a></p>` : nothing}
          <div class="columns">
            <div class="text">${changes ? changesView(changes, address(library, { path, version: version.version })) : versionView(library, view, version)}</div>
            ${versionsPart(library, view, version)}
          </div>`
        : nothing
    }`;
}

function heading(
  library: Library,
  { path, title, description, tags = [], version, stage }: ShownVersion,
): TemplateResult {
  const parts = path.split('/');
  const name = parts.at(-1) ?? path;
  const folders = parts.slice(0, -1).map((part, index) => {
    const folder = parts.slice(0, index + 1).join('/');
    return html`<a href=${address(library, { path, filters: { ...noFilters, folder } })}>${part}</a> / `;
  });
  return html`<div class="heading">
    <p class="folders">${folders}</p>
    <h1 tabindex="-1">${name} <span class="number">v${version}</span> ${stageMark(stage ?? 'PRD')}</h1>
    ${title && title !== name ? html`<p>${showHidden(title)}</p>` : nothing}
    ${description ? html`<p class="quiet">${showHidden(description)}</p>` : nothing}
    ${tags.length > 0 ? html`<p class="tags">${tags.map((tag) => html`<a class="tag" href=${address(library, { path, filters: { ...noFilters, tag } })}>${showHidden(tag)}</a> `)}</p>` : nothing}
  </div>`;
}

function versionsPart(
  library: Library,
  { path, production, versions, moreVersions, compare }: PromptView,
  shown: ShownVersion,
) {
  if (!versions)
    return html`<aside class="versions"><h2>Versions</h2>
      <p class="quiet">This token sees what is in production. Other versions need the scope read.</p></aside>`;
  const now = new Date();
  return html`<aside class="versions" aria-label="Versions"><h2>Versions</h2>
    ${production ? nothing : html`<p class="note">No version is in production: applications get nothing.</p>`}
    <ol>${versions.map((one) => versionRow(library, one, { path, shown: shown.version, compare, now }))}</ol>
    ${moreVersions ? html`<button type="button" @click=${library.moreVersions}>Older Versions</button>` : nothing}
  </aside>`;
}

type At = { path: string; shown: string; compare: string | null; now: Date };

function versionRow(library: Library, one: VersionInfo, { path, shown, compare, now }: At): TemplateResult {
  const { version, stage, rationale, updatedAt, createdBy } = one;
  const current = version === shown;
  const facts = [
    productionPeriod(one, now) ?? `changed ${formatAgo(updatedAt, now)}`,
    originOf(one),
    personOf(createdBy),
  ];
  return html`<li class=${current ? 'current' : ''}>
    <p><a href=${address(library, { path, version })} aria-current=${current ? 'true' : nothing}>v${version}</a> ${stageMark(stage)}
      ${one.labels.map((label) => html`<span class="tag">${showHidden(label)}</span> `)}</p>
    <p class="quiet">${facts.filter(Boolean).join(' · ')}</p>
    ${rationale ? html`<p class="rationale">${showHidden(rationale)}</p>` : nothing}
    ${
      current
        ? nothing
        : html`<p><a href=${address(library, { path, version: shown, compare: version })} aria-current=${version === compare ? 'true' : nothing}>Compare <span class="unseen">v${version}</span> with v${shown}</a></p>`
    }
  </li>`;
}

const personOf = (actor: string): string => actor.replace(/\s*<[^>]*>$/, '');
