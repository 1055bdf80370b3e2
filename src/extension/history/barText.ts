const longestBar = 80;

/** As many as fit in a status bar, and how many more there are. */
export function barText(lines: readonly string[]): string {
  const shown = lines.filter((_, index) => index === 0 || lines.slice(0, index + 1).join(', ').length <= longestBar);
  const more = lines.length - shown.length;
  // `$(…)` would become an icon.
  const text = shown.join(', ').replaceAll('$(', '$ (');
  const cut = text.length > longestBar ? `${text.slice(0, longestBar)}…` : text;
  return more > 0 ? `${cut}, ${more} more` : cut;
}
