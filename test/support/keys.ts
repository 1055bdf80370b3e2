import assert from 'node:assert/strict';
import type { Frame, Locator, Page } from 'playwright-core';

const focusedRow = '.quick-input-list .monaco-list-row.focused';

/** Runs a command from the palette by its full title, by keys alone. */
export async function chooseCommand(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget .quick-input-box input:visible');
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await page.keyboard.press('Control+Shift+p');
    await input.waitFor();
    await page.keyboard.type(title);
    const row = page.locator(`${focusedRow}:is([aria-label="${title}"], [aria-label^="${title},"])`);
    // A palette that is open learns of no command that comes a moment later, so it is opened again.
    if (await appears(row, 1500)) return page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden' });
  }
  throw new Error(`The command palette has no "${title}"`);
}

/** Waits for the input or list of this title, types and accepts what is in focus. */
export async function typeAnswer(page: Page, title: string | RegExp, text: string, row?: string): Promise<void> {
  const shown = page.locator('.quick-input-widget:visible .quick-input-title').filter({ hasText: title });
  await shown.waitFor();
  // A box that has just come up selects its own text a moment later.
  await page.waitForTimeout(200);
  await page.keyboard.type(text);
  if (row) await page.locator(focusedRow).filter({ hasText: row }).waitFor();
  await page.keyboard.press('Enter');
  await shown.waitFor({ state: 'hidden' });
}

/** Moves the focus of a tree to the row that begins with this text. */
export async function moveToRow(page: Page, view: Locator, text: string): Promise<void> {
  const row = view.locator('.monaco-list-row.focused');
  await view.locator('.monaco-list-row').first().waitFor();
  await pressUntil({ page, key: 'Home', times: 3, reached: () => appears(row, 500) });
  const reached = () => appears(row.filter({ hasText: new RegExp(`^${text.replaceAll('.', '\\.')}`) }), 150);
  if (!(await reached())) await pressUntil({ page, key: 'ArrowDown', times: 30, reached });
}

/** Opens the menu of what has the focus and chooses from it. */
export async function chooseInKeyMenu(page: Page, item: string): Promise<void> {
  const menu = page.locator('.monaco-menu');
  await page.keyboard.press('Shift+F10');
  await menu.waitFor();
  const reached = () => appears(menu.locator('.action-item.focused').filter({ hasText: item }), 150);
  await pressUntil({ page, key: 'ArrowDown', times: 40, reached });
  await page.keyboard.press('Enter');
  await menu.waitFor({ state: 'hidden' });
}

/** Tabs on until the control of this name has the focus. */
export async function tabTo(page: Page, frame: Frame, name: string | RegExp): Promise<void> {
  const reached = async () => {
    const { name: found } = await focusIn(frame);
    return typeof name === 'string' ? found === name : name.test(found);
  };
  await pressUntil({ page, key: 'Tab', times: 80, reached });
}

type PressUntil = { page: Page; key: string; times: number; reached: () => Promise<boolean> };

async function pressUntil({ page, key, times, reached }: PressUntil): Promise<void> {
  for (let press = 0; press < times; press += 1) {
    await page.keyboard.press(key);
    if (await reached()) return;
  }
  assert.fail(`${times} times ${key} did not lead there`);
}

/** What has the focus in a panel: its name, and whether a ring or a border in the focus colour around it or its field shows so. */
export async function focusIn(frame: Frame): Promise<{ name: string; ring: boolean }> {
  return frame.evaluate(() => {
    let element = document.activeElement ?? document.body;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const root = element.getRootNode();
    const around = [element, element.closest('.cm-editor'), element.parentElement];
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--vscode-focusBorder)';
    const focusColour = getComputedStyle(probe).color;
    probe.remove();
    const ring = around.some((one) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth, borderTopColor, borderTopWidth } = getComputedStyle(one);
      const outlined = outlineStyle === 'solid' && outlineWidth !== '0px';
      return outlined || (borderTopColor === focusColour && borderTopWidth !== '0px');
    });
    const named = [element, ...(root instanceof ShadowRoot ? [root.host] : [])];
    const names = named.flatMap((one) => [one.getAttribute('aria-label'), one.getAttribute('label'), one.textContent]);
    return { name: names.map((name) => name?.trim()).find(Boolean) ?? '', ring };
  });
}

function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator
    .first()
    .waitFor({ timeout })
    .then(
      () => true,
      () => false,
    );
}
