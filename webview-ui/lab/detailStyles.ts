import { css } from 'lit';

export const detailStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .head { display: flex; align-items: flex-start; gap: 8px; padding: 8px 8px 8px 16px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  h3 { font-size: 13px; font-weight: 600; }
  .clamp { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
  .body { flex: 1; min-height: 0; overflow: auto; padding: 8px 16px 16px; display: flex; flex-direction: column; gap: 8px; }
  .body h2 { margin-top: 8px; }
  ul { list-style: none; gap: 4px; }
  .status, .check { display: flex; align-items: flex-start; gap: 6px; }
  .status { font-weight: 600; }
  .status::first-letter { text-transform: capitalize; }
  .said { font-weight: normal; }
  .status.pass vscode-icon, .check.pass vscode-icon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .status.fail vscode-icon, .check.fail vscode-icon { color: var(--vscode-testing-iconFailed, var(--vscode-charts-red)); }
  .status.error vscode-icon { color: var(--vscode-editorWarning-foreground); }
  .check span { overflow-wrap: anywhere; }
  pre { margin: 0; flex: none; padding: 8px 12px; max-height: 40vh; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 4px; line-height: 1.5; }
  ins { text-decoration: underline; background: var(--vscode-diffEditor-insertedTextBackground); }
  del { background: var(--vscode-diffEditor-removedTextBackground); }
  .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 8px; }
  dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; }
  dt { color: var(--vscode-descriptionForeground); }
  dd { overflow-wrap: anywhere; }
  .choice { display: inline-flex; align-items: center; gap: 4px; height: 26px; padding: 0 10px; font: inherit; color: inherit; background: none; border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent)); border-radius: 4px; cursor: pointer; }
  .choice:hover { background: var(--vscode-toolbar-hoverBackground); }
  .choice[aria-pressed='true'] { color: var(--vscode-inputOption-activeForeground); background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder); }
  .note { font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; padding: 4px 8px; resize: vertical; flex: none; }
  .timeline { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 2px; }
  .timeline li { display: grid; grid-template-columns: 64px 80px minmax(0, 1fr); gap: 8px; align-items: center; }
  .track { height: 4px; background: var(--vscode-editorWidget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent))); }
  .track span { display: block; height: 100%; background: var(--vscode-charts-blue); }
  .found { display: flex; flex-direction: column; gap: 4px; }
`;
