import type { Frame, Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** Runs a command by its full palette title, e.g. `PromptVault: Create Vault`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  // An open palette does not learn of commands that an extension brings a moment later, so it is opened again.
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const input = await openPalette(page);
    // It closes again when something else takes the focus, a panel that loads for example.
    const typed = await input.fill(`>${title}`, { timeout: 1000 }).then(
      () => true,
      () => false,
    );
    if (!typed) continue;
    // The row's name goes on with its keybinding or "recently used".
    const row = page.locator(
      `.quick-input-list .monaco-list-row:is([aria-label="${title}"], [aria-label^="${title},"])`,
    );
    if (await appears(row, 700)) return row.click();
    await page.keyboard.press('Escape');
  }
  throw new Error(`The command palette has no "${title}"`);
}

function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

function gone(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ state: 'hidden', timeout }).then(
    () => true,
    () => false,
  );
}

/** Opens the command palette and answers its input. The palette may open late while the window still starts. */
export async function openPalette(page: Page): Promise<Locator> {
  const input = page.locator('.quick-input-widget:not([style*="display: none"]) .quick-input-box input');
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await page.keyboard.press('F1');
    if (await appears(input, 1000)) return input;
  }
  throw new Error('The command palette does not open');
}

/** A row of the open QuickPick by its label. */
export function quickPickRow(page: Page, label: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
}

/** Types into the open QuickPick or input box and accepts. */
export async function answerInput(page: Page, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget .quick-input-box input:visible');
  await input.waitFor();
  // A box that has just come up sets its own text a moment later, over what was typed.
  do {
    await input.fill(text);
    await page.waitForTimeout(150);
  } while ((await input.inputValue()) !== text);
  await input.press('Enter');
}

/** One input follows another in the same box, and an answer is checked before the box goes: its title tells which one it is. */
export async function answerTitled(page: Page, title: string, text: string): Promise<void> {
  const shown = page.locator('.quick-input-widget').getByText(title, { exact: true });
  await shown.waitFor();
  await answerInput(page, text);
  await shown.waitFor({ state: 'hidden' });
}

/** Opens a view container from the activity bar by its title. */
export async function openActivity(page: Page, title: string): Promise<void> {
  const tab = page.locator('.activitybar').getByRole('tab', { name: title });
  const heading = page.locator('.part.sidebar .composite.title').filter({ hasText: new RegExp(title, 'i') });
  await tab.waitFor();
  // A click on what a starting window has just opened by itself closes it.
  while (!(await appears(heading, (await tab.getAttribute('aria-selected')) === 'true' ? 3000 : 100)))
    await tab.click();
}

/** A section of the side bar, such as `Prompts` or `Versions`, by its title. */
export function sideBarView(page: Page, title: string): Locator {
  return page.locator('.part.sidebar .pane').filter({ has: page.locator(`.pane-header[aria-label^="${title}"]`) });
}

/**
 * A row of a tree by text; expand with `ArrowRight`, open its menu with `click({ button: 'right' })`. A version such as `v1.2`
 * is its own row, not one that names it further on.
 */
export function treeRow(view: Locator, text: string | RegExp): Locator {
  const version = typeof text === 'string' && /^v\d+\.\d+$/.test(text);
  const wanted = version ? new RegExp(`^${text.replace('.', '\\.')}(?!\\d)`) : text;
  return view.locator('.monaco-list-row').filter({ hasText: wanted }).first();
}

/** Opens PromptVault's side bar and selects a prompt in its folder, `folder/name`; its versions are listed then, this one among them. */
export async function selectPrompt(page: Page, path: string, version: string): Promise<void> {
  const [folder = '', name = ''] = path.split('/');
  await openActivity(page, 'PromptVault');
  const prompts = sideBarView(page, 'Prompts');
  const [group, prompt] = [treeRow(prompts, folder), treeRow(prompts, name)];
  // A tree that a starting window draws anew swallows a click, and another one on an open folder closes it.
  await until(async () => {
    if ((await group.getAttribute('aria-expanded')) !== 'true') await group.click();
    return appears(prompt, 5000);
  }, `${name} in ${folder}`);
  await prompt.click();
  await treeRow(sideBarView(page, 'Versions'), version).waitFor();
}

/** Opens a row's context menu and chooses from it. */
export async function chooseInMenu(page: Page, row: Locator, item: string): Promise<void> {
  await row.click({ button: 'right' });
  const entry = page.locator('.monaco-menu .action-item').filter({ hasText: item }).first();
  await entry.waitFor();
  // A menu swallows clicks that come too soon after it opened.
  await page.waitForTimeout(120);
  await clickAway(entry, entry);
}

/** Clicks until what takes the click away is gone: what is drawn anew meanwhile swallows one now and then. */
async function clickAway(target: Locator, goes: Locator): Promise<void> {
  await until(async () => {
    await target.click({ timeout: 1000 }).catch(() => undefined);
    return gone(goes, 1000);
  }, `what ${target} closes`);
}

/** An editor tab by its title. */
export function editorTab(page: Page, title: string | RegExp): Locator {
  return page.locator('.tabs-container .tab').filter({ hasText: title }).first();
}

/** A notification toast with this text. */
export function notification(page: Page, text: string | RegExp): Locator {
  return page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
}

/** The notification with this text, waited for in the list of them: toasts go by themselves, and a driven window shows few. */
export async function told(page: Page, text: string | RegExp): Promise<Locator> {
  await runCommand(page, 'Notifications: Show Notifications');
  const item = page.locator('.notifications-center .notification-list-item').filter({ hasText: text }).first();
  await item.waitFor();
  return item;
}

/** Chooses one of the answers of a notification that was `told`. */
export async function chooseAnswer(item: Locator, answer: string): Promise<void> {
  await clickAway(item.getByRole('button', { name: answer, exact: true }), item);
}

/** The modal dialog; buttons by `getByRole('button', { name })`. */
export function dialog(page: Page): Locator {
  return page.locator('.monaco-dialog-box');
}

/**
 * The inside of a webview panel. VS Code puts a panel's page into two nested frames: the outer one lies over the
 * editor area, the inner one carries the panel's title as its `title` attribute and becomes visible when loaded.
 * Locators, `evaluate` and keyboard focus work on the frame as on a page.
 */
export async function webviewFrame(page: Page, title: string | RegExp): Promise<Frame> {
  let titles: (string | undefined)[] = [];
  return until(
    async () => {
      for (const frame of page.frames()) if (await showsPanel(frame, title)) return frame;
      titles = await Promise.all(page.frames().map((frame) => panelTitle(frame)));
      return undefined;
    },
    () => `the panel ${title}; there is ${JSON.stringify(titles.filter(Boolean))}`,
  );
}

async function showsPanel(frame: Frame, title: string | RegExp): Promise<boolean> {
  const found = await panelTitle(frame);
  return found !== undefined && (typeof title === 'string' ? found === title : title.test(found));
}

/** The title of the panel that a frame shows; undefined for other frames, loading ones and those behind another tab. */
async function panelTitle(frame: Frame): Promise<string | undefined> {
  const outer = frame.parentFrame();
  if (!outer?.parentFrame()) return undefined;
  try {
    const element = await frame.frameElement();
    const shown =
      (await element.getAttribute('id')) === 'active-frame' && (await (await outer.frameElement()).isVisible());
    return shown ? ((await element.getAttribute('title')) ?? undefined) : undefined;
  } catch {
    // Frames come and go while a panel loads.
    return undefined;
  }
}
