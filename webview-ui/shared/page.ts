/** Puts the panel's element on the page, where the host has not done so itself. */
export function mount(name: string): void {
  if (document.querySelector(name)) return;
  (document.querySelector('#root') ?? document.body).append(document.createElement(name));
}

/** The page's nonce, for styles that CodeMirror makes. */
export function pageNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return document.body.dataset.nonce ?? meta?.content ?? '';
}
