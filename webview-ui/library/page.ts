import { html, nothing, type TemplateResult } from 'lit';
import type { Library } from './library.ts';
import { listPane } from './listPane.ts';
import { promptPane } from './promptPane.ts';
import { signInPage } from './signInPage.ts';

export function libraryPage(library: Library): TemplateResult {
  const { phase, prompt, route, line, said } = library.view;
  return html`${
    phase === 'open'
      ? html`<div class="page ${route.path ? 'reading' : ''}">
        <header class="top">
          <a class="name" href="#/">PromptVault</a>
          <span class="line ${line}" role="status">${lineText(line)}</span>
          <button type="button" @click=${library.signOut}>Sign Out</button>
        </header>
        ${listPane(library)}
        <main class="prompt">${prompt ? promptPane(library, prompt) : nothingChosen()}</main>
      </div>`
      : signInPage(library)
  }
  <div class="unseen" role="status" aria-live="polite">${said}</div>`;
}

function lineText(line: Library['view']['line']) {
  if (line === 'live') return 'Live';
  if (line === 'lost') return 'No connection, trying again…';
  return nothing;
}

const nothingChosen = () => html`<div class="empty">
  <p>Choose a prompt to read it, see its versions and what changed between them.</p>
  <p class="quiet">Press <kbd>/</kbd> to search, <kbd>↓</kbd> <kbd>↑</kbd> to move along the list.</p>
</div>`;
