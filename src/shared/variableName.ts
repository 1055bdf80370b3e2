/** The variable that braces like `{{customer name}}` or `{{order-id}}` were meant for; null where nobody can tell. */
export function variableNameFrom(typed: string): string | null {
  const inside = typed.replace(/^\{\{|\}\}$/g, '').trim();
  if (!/^[A-Za-z_][\w .-]*$/.test(inside)) return null;
  return inside.replace(/[ .-]+/g, '_');
}
