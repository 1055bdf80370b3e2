import { css } from 'lit';

/** Heights the windowing counts with. */
export const rowHeight = 46;
export const headHeight = 90;
export const columnWidth = 220;
export const firstWidth = 200;

export const gridStyles = css`
  :host { display: block; min-height: 0; }
  #grid { height: 100%; overflow: auto; border-top: 1px solid var(--line); --line: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); overscroll-behavior: contain; scroll-padding: 90px 0 0 200px; }
  #grid:focus { outline: none; }
  .inner { position: relative; min-width: 100%; width: calc(200px + var(--columns) * 220px); }
  .line { display: grid; grid-template-columns: 200px repeat(var(--columns), minmax(220px, 1fr)); }
  .head { position: sticky; top: 0; z-index: 2; height: 90px; background: var(--vscode-editor-background); border-bottom: 1px solid var(--line); }
  .head > * { padding: 6px 12px; border-inline-end: 1px solid var(--line); min-width: 0; }
  .corner, .name { position: sticky; left: 0; z-index: 1; background: var(--vscode-editor-background); }
  .head .model { font-weight: 600; }
  .head .rate { font-weight: 600; }
  .standing { margin-inline-start: 8px; font-weight: 400; font-size: 12px; }
  .standing .codicon { font-size: 12px; vertical-align: -1px; margin-inline-end: 2px; }
  .standing.better .codicon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .standing.worse .codicon { color: var(--vscode-testing-iconFailed, var(--vscode-charts-red)); }
  .body { position: relative; }
  .body .line { position: absolute; inset-inline: 0; height: 46px; border-bottom: 1px solid var(--line); }
  .body .line:hover { background: var(--vscode-list-hoverBackground); }
  .name, .cell { padding: 4px 12px; border-inline-end: 1px solid var(--line); min-width: 0; height: 45px; overflow: hidden; }
  .name { display: flex; align-items: center; }
  .clamp { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
  .cell { display: flex; gap: 6px; cursor: pointer; line-height: 18px; border-block: 1px solid transparent; }
  .cell .codicon { line-height: 18px; flex: none; }
  .cell .sign { opacity: 0.8; font-size: 14px; margin-inline-start: auto; }
  .cell .sign + .sign { margin-inline-start: 0; }
  .cell .text .skeleton, .name .skeleton { display: block; width: 120px; }
  ins { text-decoration: underline; background: var(--vscode-diffEditor-insertedTextBackground); }
  del { background: var(--vscode-diffEditor-removedTextBackground); }
  .charts { display: grid; grid-template-columns: 2fr 1fr 2fr; gap: 8px; height: 16px; margin-top: 2px; }
  .chart { width: 100%; height: 16px; overflow: visible; }
  .chart .track { fill: var(--vscode-editorWidget-border, var(--vscode-panel-border, var(--vscode-contrastBorder))); opacity: 0.6; }
  .chart .fill { fill: var(--vscode-charts-blue); }
  .chart.rate .fill { fill: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .chart .line { stroke: var(--vscode-foreground); stroke-width: 1; vector-effect: non-scaling-stroke; fill: none; }
  .cell.pass .mark { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .cell.fail .mark { color: var(--vscode-testing-iconFailed, var(--vscode-charts-red)); }
  .cell.error .mark { color: var(--vscode-editorWarning-foreground); }
  .cell.error .text, .cell.cancelled, .cell.waiting, .cell.running .mark { color: var(--vscode-descriptionForeground); }
  .cell.error .text { font-style: italic; }
  #grid:focus-visible .cell.current { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .cell.current { background: var(--vscode-list-inactiveSelectionBackground); }
  .cell.opened { background: var(--vscode-list-activeSelectionBackground); color: var(--vscode-list-activeSelectionForeground); }
  .cell.opened .text, .cell.opened .mark { color: inherit; }
  .none { padding: 16px; }
  @media (max-width: 640px) {
    .inner { width: calc(120px + var(--columns) * 200px); }
    .line { grid-template-columns: 120px repeat(var(--columns), minmax(200px, 1fr)); }
  }
`;
