const rows = () => [...document.querySelectorAll<HTMLElement>('.prompts a')];

/** `/` goes to the search, the arrows move along the list, and Escape goes back to it. */
export function handleKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
  const next = targetOf(event.key, event.target);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function targetOf(key: string, from: HTMLElement): HTMLElement | null | undefined {
  const search = document.querySelector<HTMLElement>('#search');
  if (key === '/' && !from.matches('input, textarea, select')) return search;
  if (key === 'Escape' && from.closest('.prompt')) {
    return ['.back', '.prompts a[aria-current]']
      .map((place) => document.querySelector<HTMLElement>(place))
      .find((place) => place?.checkVisibility());
  }
  const all = rows();
  if (key === 'ArrowDown' && from === search) return all[0];
  const at = all.indexOf(from);
  if (at < 0) return null;
  const places: { [key: string]: HTMLElement | null | undefined } = {
    ArrowDown: all[at + 1],
    ArrowUp: all[at - 1] ?? search,
    Home: all[0],
    End: all.at(-1),
  };
  return places[key];
}
