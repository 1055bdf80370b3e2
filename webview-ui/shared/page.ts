/** Puts the panel's element on the page, where the host has not done so itself. */
export function mount(name: string): void {
  if (document.body.dataset.files) void showIcons();
  if (document.querySelector(name)) return;
  (document.querySelector('#root') ?? document.body).append(document.createElement(name));
}

/** The address of a file that lies beside the page's script. */
export function pageFile(name: string): string {
  return new URL(name, document.body.dataset.files ?? document.baseURI).href;
}

/** What the host gave the page to show at once. Given out once; null when it had nothing in time. */
export function takeEmbeddedState<State>(): State | null {
  const script = document.querySelector('#state');
  script?.remove();
  return script?.textContent ? (JSON.parse(script.textContent) as State) : null;
}

// A page that is not in sight is never painted.
const longestWaitMs = 300;

/** Settles when what is on the page now has been painted. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, longestWaitMs);
  });
}

/** The host leaves the icons' font out: a page that has a file to wait for is shown only with it. */
async function showIcons(): Promise<void> {
  await painted();
  const font = new FontFace('codicon', `url("${pageFile('codicon.ttf')}")`);
  document.fonts.add(font);
  await font.load().catch((error: unknown) => console.warn('The icons cannot be shown', error));
  document.documentElement.style.setProperty('--icons', '1');
}

/** The page may get the focus a moment after it is there. */
export function whenFocused(act: () => unknown): void {
  if (document.hasFocus()) act();
  else window.addEventListener('focus', act, { once: true });
}

/** The page's nonce, for styles that CodeMirror makes. */
export function pageNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return document.body.dataset.nonce ?? meta?.content ?? '';
}
