import { css } from 'lit';

export const editorStyles = css`
  :host { display: block; min-height: 100vh; }
  .columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; padding: 16px; max-width: 1600px; }
  .preview { padding-top: 16px; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  aside { gap: 8px; }
  aside h2:not(:first-child) { margin-top: 8px; }
  @media (min-width: 860px) {
    .columns { grid-template-columns: minmax(0, 1fr) 320px; }
    .messages, .preview { grid-column: 1; }
    aside { grid-column: 2; grid-row: 1 / span 2; padding-inline-start: 16px; border-inline-start: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
    .columns { grid-template-rows: auto 1fr; }
  }
  @media (min-width: 1300px) { .columns { grid-template-columns: minmax(0, 1fr) 400px; } }
  .whole { display: flex; flex-direction: column; gap: 16px; padding: 16px; max-width: 640px; }
  .loading { animation: appear 1ms 200ms both; }
  @keyframes appear { from { opacity: 0; } }
`;
