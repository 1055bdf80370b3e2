import type { LibraryView } from './library.ts';

/** On a narrow page the prompt takes the place of the list, or the list that of the prompt: the focus goes along. */
export function createFocusKeeper(): (view: LibraryView) => void {
  let path: string | null = null;
  let phase: LibraryView['phase'] | null = null;
  return (view) => {
    const [pathBefore, phaseBefore] = [path, phase];
    path = view.route.path;
    phase = view.phase;
    if (phase === 'signedOut' && phaseBefore !== phase) focus('#token');
    if (phase !== 'open' || phaseBefore !== 'open' || path === pathBefore) return;
    if (!matchMedia('(max-width: 760px)').matches) return;
    scrollTo(0, 0);
    if (path !== null) focus('.back');
    else focus(`.prompts a[href^="#/${CSS.escape(pathBefore ?? '')}"]`);
  };
}

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}
