export type UndoKey = 'undo' | 'redo' | 'save' | null;

/** What a key press means for the page: Ctrl or Cmd with Z, Shift+Z, Y, S. */
export function undoKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): UndoKey {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 's' && !event.shiftKey) return 'save';
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' && !event.shiftKey ? 'redo' : null;
}

/** True when the key was pressed inside a text: there it is the text's own history that answers. */
export function insideText(path: readonly EventTarget[]): boolean {
  return path.some(
    (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA)$/.test(node.tagName)),
  );
}

/** A key that may close the panel: what an editor has for typing and for text does not. */
export const mayLeave = ({ ctrlKey, metaKey, key }: KeyboardEvent) =>
  (ctrlKey || metaKey) && !/^([acvxyz]|Control|Meta|Shift|Alt)$/i.test(key);
