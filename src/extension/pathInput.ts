const segment = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What is wrong with a prompt's path while it is typed, in words; undefined when it is legal. The vault checks again. */
export function checkPath(typed: string): string | undefined {
  const path = typed.trim();
  if (path === '') return 'A path is needed, for example support/triage';
  if (path.startsWith('/') || path.endsWith('/')) return 'A path does not begin or end with /';
  const wrong = path.split('/').find((part) => !segment.test(part));
  if (wrong === undefined) return undefined;
  if (wrong === '') return 'Two slashes stand side by side';
  return `"${wrong}": use letters, digits, dots, dashes and underscores, beginning with a letter or digit`;
}
