import { css } from 'lit';

export const labStyles = css`
  :host { display: block; height: 100vh; }
  .page { display: flex; flex-direction: column; height: 100vh; min-height: 0; }
  .results { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr); }
  .results.split { grid-template-columns: minmax(0, 1fr) minmax(320px, 38%); }
  pv-grid { min-height: 0; height: 100%; }
  pv-cell-detail { border-inline-start: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .verdict { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; padding: 0 16px 8px; }
  .verdicts { flex: none; max-height: 68px; overflow: auto; padding-bottom: 4px; }
  .verdicts .verdict { padding-block: 0 2px; gap: 0 8px; }
  .empty { padding: 16px; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); overflow: auto; }
  .whole { display: flex; flex-direction: column; gap: 16px; padding: 16px; max-width: 640px; }
  .loading { animation: appear 1ms 200ms both; }
  @keyframes appear { from { opacity: 0; } }
  @media (max-width: 860px) {
    .results.split { grid-template-columns: minmax(0, 1fr); }
    .results.split pv-grid { display: none; }
    pv-cell-detail { border-inline-start: none; }
  }
  /* A low panel scrolls as a page, and the grid keeps room for some rows. */
  @media (max-height: 480px), (max-width: 640px) {
    :host, .page { height: auto; min-height: 100vh; }
    .results { height: 70vh; flex: none; }
  }
`;
