import { css } from 'lit';

/** Height of a row, which the windowing counts with. */
export const lineHeight = 34;

export const datasetStyles = css`
  :host { display: flex; flex-direction: column; flex: 1; min-height: 0; --line: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); border-top: 1px solid var(--line); }
  .top, .bottom { padding: 8px 16px; }
  .top h2 { text-transform: none; letter-spacing: 0; font-size: 13px; color: var(--vscode-foreground); }
  #rows { flex: 1; min-height: 160px; overflow: auto; border-block: 1px solid var(--line); }
  .inside { min-width: 100%; width: calc(48px + 36px + 220px * (var(--columns) + 1)); }
  .line { display: grid; grid-template-columns: 48px repeat(var(--columns), minmax(160px, 1fr)) minmax(180px, 1fr) 36px; }
  .head { position: sticky; top: 0; z-index: 2; background: var(--vscode-editor-background); border-bottom: 1px solid var(--line); font-weight: 600; }
  .head > span { padding: 4px 8px; flex-wrap: nowrap; gap: 4px; }
  .lines { position: relative; }
  .lines .line { position: absolute; inset-inline: 0; height: 34px; border-bottom: 1px solid var(--line); }
  .lines .line > span { min-width: 0; border-inline-end: 1px solid var(--line); }
  .line.proposed { background: var(--vscode-diffEditor-insertedTextBackground); }
  .number { text-align: end; padding: 7px 8px; }
  textarea { display: block; width: 100%; height: 33px; padding: 7px 8px; font: inherit; line-height: 18px; color: inherit; background: transparent; border: none; resize: none; overflow: hidden; }
  textarea:focus { position: absolute; z-index: 1; width: auto; min-width: 220px; height: auto; min-height: 33px; field-sizing: content; max-width: 480px; max-height: 200px; overflow: auto; color: var(--vscode-input-foreground); background: var(--vscode-input-background); outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .short { width: 180px; }
  .line button.icon { margin: 5px; }
`;
