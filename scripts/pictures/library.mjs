import { serveByCli } from '../../test/support/serveCli.ts';

const media = {
  dark: { colorScheme: 'dark' },
  light: { colorScheme: 'light' },
  highContrast: { colorScheme: 'dark', forcedColors: 'active' },
};

/** Each brings the page of `promptvault serve` into the state it is named after. */
const views = {
  async 'library-sign-in'(page, { url }) {
    await page.goto(url);
    await page.getByLabel('Access token').fill('pv_not-one');
    await page.keyboard.press('Enter');
    await page.getByText('does not accept this token').waitFor();
  },
  async 'library-prompt'(page, { token }) {
    await page.getByLabel('Access token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: /^reply/ }).click();
    await page.getByRole('heading', { level: 1, name: /reply/ }).waitFor();
    // Reaching the row has scrolled the list.
    await page.locator('.list').evaluate((list) => list.scrollTo(0, 0));
  },
  async 'library-filled-in'(page) {
    for (const name of ['company', 'policy', 'message']) {
      const field = page.getByLabel(new RegExp(`^${name}`));
      if ((await field.count()) > 0) await field.fill(`The ${name} of Ms Ortiz`);
    }
    await page.getByRole('button', { name: 'Copy Filled In' }).waitFor();
    await page.getByRole('heading', { name: 'Fill in' }).evaluate((heading) => heading.scrollIntoView());
  },
  async 'library-search'(page, { url }) {
    await page.goto(`${url}/#/support/triage?search=refund`);
    await page.getByText('found').waitFor();
  },
  async 'library-changes'(page, { url }) {
    await page.goto(`${url}/#/support/triage@1.4?compare=1.3`);
    await page.getByRole('heading', { name: 'Changes' }).waitFor();
  },
  async 'library-phone'(page) {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await page.getByRole('link', { name: 'All prompts' }).waitFor();
  },
};

/** Pictures of the web library of the vault in `file`; `picture` takes each. */
export async function pictureLibrary({ browser, theme, file, size, picture }) {
  const serving = await serveByCli(file);
  const page = await (await browser.newContext({ ...media[theme], viewport: size })).newPage();
  page.setDefaultTimeout(20_000);
  const { token } = await serving.token('read');
  try {
    for (const [name, show] of Object.entries(views))
      await picture({ page, theme, name, show: () => show(page, { url: serving.url, token }) });
  } finally {
    await page.context().close();
    await serving.stop();
  }
}
