import type { BrowserContext, Page } from 'playwright-core';

type Noted = { painted?: number; clicked?: number };

/**
 * Lets each window note when a panel has painted what it shows, again each time that is another version. The panels of VS
 * Code in a browser are frames of the window's own origin; nobody tells when content comes into a shadow root, so it is
 * looked for before every paint.
 */
export async function watchPaints(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (window.parent !== window) return;
    const noted = window as unknown as Noted;
    addEventListener('pointerup', () => (noted.clicked = performance.now()), { capture: true });
    let before: Element | string | null = null;
    const inside = (document: Document): Element | string | null => {
      const root = document.querySelector('pv-editor')?.shadowRoot;
      const message = root?.querySelector('pv-messages')?.shadowRoot?.querySelector('pv-message');
      const text = message?.shadowRoot?.querySelector('.cm-line');
      const path = root?.querySelector('pv-editor-header')?.shadowRoot?.querySelector('h1');
      return (text && path?.textContent) || document.querySelector('#blank');
    };
    const look = () => {
      requestAnimationFrame(look);
      const outer = document.querySelector<HTMLIFrameElement>('iframe.webview')?.contentDocument;
      const inner = outer?.querySelector<HTMLIFrameElement>('#active-frame')?.contentDocument;
      const shown = inner ? inside(inner) : null;
      if (shown === before) return;
      before = shown;
      if (!shown) return;
      // A message posted before a paint arrives after it.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (noted.painted = performance.now());
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
}

/** Milliseconds from the click until a panel has painted other content than before. */
export async function timeToPaint(page: Page, click: () => Promise<void>): Promise<number> {
  await click();
  const found = await page.waitForFunction(() => {
    const { painted = 0, clicked = 0 } = window as unknown as Noted;
    return painted > clicked && painted - clicked;
  });
  return (await found.jsonValue()) as number;
}
