import type { BrowserContext, Page } from 'playwright-core';

/** Moments of the window's clock. */
type Noted = { painted?: number; clicked?: number; typable?: number };
/** Milliseconds from the click until the panel has painted what it shows, and until that is in an editor. */
export type PaintTime = { paintedMs: number; typableMs: number };

/**
 * Lets each window note when a panel has painted what it shows, again each time that is another version, and when its text is
 * in an editor. The panels of VS Code in a browser are frames of the window's own origin; nobody tells when content comes into
 * a shadow root, so it is looked for before every paint. VS Code calls a frame active when it lets it be seen.
 */
export async function watchPaints(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (window.parent !== window) return;
    const noted = window as unknown as Noted;
    addEventListener('pointerup', () => (noted.clicked = performance.now()), { capture: true });
    const before: { shown: Element | string | null; typable: Element | string | null } = { shown: null, typable: null };
    const inside = (document: Document, text: string): Element | string | null => {
      const root = document.querySelector('pv-editor')?.shadowRoot;
      const message = root?.querySelector('pv-messages')?.shadowRoot?.querySelector('pv-message');
      const words = message?.shadowRoot?.querySelector(text)?.textContent;
      const path = root?.querySelector('pv-editor-header')?.shadowRoot?.querySelector('h1');
      return (words && path?.textContent) || document.querySelector('#blank');
    };
    const note = (what: 'shown' | 'typable', now: Element | string | null) => {
      if (now === before[what]) return;
      before[what] = now;
      if (!now) return;
      // A message posted before a paint arrives after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (noted[what === 'shown' ? 'painted' : 'typable'] = performance.now());
      port2.postMessage(null);
    };
    const look = () => {
      requestAnimationFrame(look);
      const outer = document.querySelector<HTMLIFrameElement>('iframe.webview')?.contentDocument;
      const inner = outer?.querySelector<HTMLIFrameElement>('#active-frame')?.contentDocument;
      note('shown', inner ? inside(inner, '.plain, .cm-line') : null);
      note('typable', inner ? inside(inner, '.cm-line') : null);
    };
    requestAnimationFrame(look);
  });
}

/** How long after the click a panel has painted other content than before. */
export async function timeToPaint(page: Page, click: () => Promise<void>): Promise<PaintTime> {
  await click();
  const found = await page.waitForFunction(() => {
    const { painted = 0, clicked = 0, typable = 0 } = window as unknown as Noted;
    if (painted <= clicked || typable <= clicked) return null;
    return { paintedMs: painted - clicked, typableMs: typable - clicked };
  });
  return (await found.jsonValue()) as PaintTime;
}
