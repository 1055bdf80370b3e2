import * as vscode from 'vscode';

/** `wordKind` is what is picked, as "label"; `known` are offered, `present` are ticked. */
type Asked = { title: string; wordKind: string; known: readonly string[]; present: readonly string[] };
type Item = vscode.QuickPickItem & { word: string };

/** Ticks of known words and new ones by typing; undefined when the person left it, or changed nothing. */
export function pickWords(asked: Asked): Promise<{ add: string[]; remove: string[] } | undefined> {
  const { title, wordKind, present } = asked;
  const picker = vscode.window.createQuickPick<Item>();
  const words = [...new Set([...present, ...asked.known])];
  let chosen = new Set(present);
  picker.title = title;
  picker.placeholder = `Tick ${wordKind}s, or type a new ${wordKind}`;
  picker.canSelectMany = true;

  /** What stands in the box: a known word in whichever case, or a new one. */
  function typedWord(): string | undefined {
    const typed = picker.value.trim();
    return words.find((word) => word.toLowerCase() === typed.toLowerCase()) ?? (typed || undefined);
  }
  /** A word typed whole is meant: Enter adds it. Only one that is there already may have been typed to untick it. */
  function meant(): string[] {
    const typed = typedWord();
    return typed && !present.includes(typed) ? [typed] : [];
  }
  function show(): void {
    const fresh = meant().filter((word) => !words.includes(word));
    const ticked = new Set([...chosen, ...meant()]);
    picker.items = [
      ...fresh.map((word): Item => ({ label: word, description: `new ${wordKind}`, word, alwaysShow: true })),
      ...words.map((word): Item => ({ label: word, word })),
    ];
    picker.selectedItems = picker.items.filter(({ word }) => ticked.has(word));
  }
  show();
  picker.onDidChangeValue(show);
  picker.onDidChangeSelection((items) => {
    const typed = meant();
    chosen = new Set(items.map(({ word }) => word).filter((word) => chosen.has(word) || !typed.includes(word)));
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      // Enter may come before the tick of what was typed.
      const after = [...new Set([...picker.selectedItems.map(({ word }) => word), ...meant()])];
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
