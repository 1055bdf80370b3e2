import * as vscode from 'vscode';

/** `wordKind` is what is picked, as "label"; `known` are offered, `present` are ticked. */
type Asked = { title: string; wordKind: string; known: readonly string[]; present: readonly string[] };
type Item = vscode.QuickPickItem & { word: string; typed?: true };

/** Ticks of known words and new ones by typing; undefined when the person left it, or changed nothing. */
export function pickWords(asked: Asked): Promise<{ add: string[]; remove: string[] } | undefined> {
  const { title, wordKind, present } = asked;
  const picker = vscode.window.createQuickPick<Item>();
  const words = [...new Set([...present, ...asked.known])];
  let chosen = new Set(present);
  picker.title = title;
  picker.placeholder = `Tick ${wordKind}s, or type a new ${wordKind}`;
  picker.canSelectMany = true;

  function show(): void {
    const typed = picker.value.trim();
    const isNew = typed !== '' && !words.some((word) => word.toLowerCase() === typed.toLowerCase());
    const items = words.map((word): Item => ({ label: word, word }));
    // A new word is ticked as it is typed: Enter then adds it.
    const fresh: Item = { label: typed, description: `new ${wordKind}`, word: typed, typed: true, alwaysShow: true };
    picker.items = isNew ? [fresh, ...items] : items;
    picker.selectedItems = picker.items.filter(({ word, typed: mine }) => mine ?? chosen.has(word));
  }
  show();
  picker.onDidChangeValue(show);
  picker.onDidChangeSelection((items) => {
    chosen = new Set(items.filter(({ typed }) => !typed).map(({ word }) => word));
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const after = picker.selectedItems.map(({ word }) => word);
      const add = after.filter((word) => !present.includes(word));
      const remove = present.filter((word) => !after.includes(word));
      resolve(add.length + remove.length > 0 ? { add, remove } : undefined);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}
