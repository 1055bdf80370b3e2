import './theme.css';
import './pieces.css';
import './library.css';
import './prompt.css';
import { render } from 'lit';
import { createFocusKeeper } from './focus.ts';
import { handleKey } from './keys.ts';
import { createLibrary } from './library.ts';
import { libraryPage } from './page.ts';

const root = document.querySelector<HTMLElement>('#root') ?? document.body;
const keepFocus = createFocusKeeper();
let drawing = false;

const library = createLibrary(() => {
  if (drawing) return;
  drawing = true;
  // Several changes in one turn are drawn once.
  queueMicrotask(() => {
    drawing = false;
    render(libraryPage(library), root);
    keepFocus(library.view);
    const { phase, route } = library.view;
    document.title = phase === 'open' && route.path ? `${route.path} · PromptVault` : 'PromptVault';
  });
});

document.addEventListener('keydown', handleKey);
void library.start();
