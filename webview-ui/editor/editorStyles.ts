import { css } from 'lit';

export const editorStyles = css`
  :host { display: block; min-height: 100vh; }
  .columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; padding: 16px; max-width: 1600px; }
  aside { gap: 8px; }
  aside h2:not(:first-child) { margin-top: 8px; }
  .preview { position: relative; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-editor-background); }
  pv-splitter { display: none; }
  @media (min-width: 860px) {
    .columns { grid-template-columns: minmax(0, 1fr) 320px; }
    aside { padding-inline-start: 16px; border-inline-start: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  }
  @media (min-width: 1300px) { .columns { grid-template-columns: minmax(0, 1fr) 400px; } }
  /* The preview is always in sight where the window is high enough to share; a low one scrolls as a page. */
  @media (min-height: 560px) {
    :host { display: flex; flex-direction: column; height: 100vh; }
    :host > * { flex: none; }
    .columns { flex: 1; min-height: 0; overflow: auto; align-content: start; }
    .preview { display: flex; flex-direction: column; max-height: calc(100vh - 200px); height: calc(var(--dock, 0) * 1vh); min-height: 35px; }
    .preview pv-preview { flex: 1; }
    pv-splitter { display: block; }
  }
  @media (min-height: 560px) and (min-width: 860px) {
    .columns { overflow: hidden; grid-template-rows: minmax(0, 1fr); padding: 0 0 0 16px; }
    .messages, aside { overflow: auto; padding-block: 16px; }
    .messages { padding-inline-end: 4px; }
    aside { padding-inline-end: 16px; }
  }
  .whole { display: flex; flex-direction: column; gap: 16px; padding: 16px; max-width: 640px; }
  .loading { animation: appear 1ms 200ms both; }
  @keyframes appear { from { opacity: 0; } }
`;
