import { css } from 'lit';

export const setupStyles = css`
  :host { display: block; }
  .setup { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 16px; align-items: center; padding: 8px 16px; }
  .label { font-size: 12px; color: var(--vscode-descriptionForeground); }
  .row { gap: 4px 8px; min-height: 26px; }
  .field { display: inline-flex; align-items: center; gap: 6px; font-size: 12px; color: var(--vscode-descriptionForeground); }
  .short { width: 72px; }
  .naming { width: 200px; }
  .wide { width: 320px; max-width: 100%; }
  .settings, .inside { padding-block: 4px; }
  .inside-row { padding-block: 4px; gap: 4px 16px; }
  .inside { display: flex; flex-direction: column; gap: 8px; }
  summary { cursor: pointer; color: var(--vscode-descriptionForeground); min-height: 26px; line-height: 26px; }
  .area { width: 100%; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; padding: 4px 8px; resize: vertical; }
  .tick { display: inline-flex; align-items: center; gap: 4px; }
  .mapping { color: inherit; }
  .start { display: flex; flex: 1 1 auto; align-items: center; justify-content: flex-end; gap: 8px; }
  .reasons ul { padding-inline-start: 16px; }
  .chip .plain { padding: 0; font: inherit; color: inherit; background: none; border: none; cursor: pointer; }
  .chip .plain:hover { text-decoration: underline; }
  .chip .stage { border: none; padding: 0; color: inherit; }
  .warn { display: inline-flex; align-items: center; gap: 4px; }
  .warn vscode-icon { color: var(--vscode-editorWarning-foreground); }
  .select { height: 26px; max-width: 100%; min-width: 80px; padding: 0 4px; font: inherit; color: var(--vscode-settings-dropdownForeground, var(--vscode-dropdown-foreground)); background: var(--vscode-settings-dropdownBackground, var(--vscode-dropdown-background)); border: 1px solid var(--vscode-settings-dropdownBorder, var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent))); border-radius: 4px; }
  @media (max-width: 640px) { .setup { grid-template-columns: minmax(0, 1fr); gap: 4px; } .setup > .row { margin-bottom: 4px; } }
`;
