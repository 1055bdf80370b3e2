import { css } from 'lit';

/** What all components share: VS Code's type, spacing of 4/8/16, focus ring, bars and links. Colours are the theme's only. Its error colour is too pale for text in some light themes, so it marks a problem by an icon. */
export const baseStyles = css`
  :host { box-sizing: border-box; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.4; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
  h2 { font-size: 11px; font-weight: 600; text-transform: uppercase; letter-spacing: 0.04em; color: var(--vscode-descriptionForeground); }
  .quiet { color: var(--vscode-descriptionForeground); }
  .small { font-size: 12px; }
  .problem::before { content: '\\ea87' / ''; margin-inline-end: 4px; color: var(--vscode-errorForeground); font-family: codicon; opacity: var(--icons, 1); vertical-align: -1px; }
  .row { display: flex; align-items: center; flex-wrap: wrap; gap: 8px; }
  .grow { flex: 1 1 auto; min-width: 0; }
  .stack { display: flex; flex-direction: column; gap: 8px; }
  .mono { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
  .numbers { font-variant-numeric: tabular-nums; }
  .ellipsis { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  vscode-textfield, vscode-textarea, vscode-single-select { width: 100%; }
  /* Secondary buttons have no border in VS Code, but for the one that high contrast gives everything. */
  vscode-button[secondary] { --vscode-button-border: var(--vscode-contrastBorder, var(--vscode-button-secondaryBorder, transparent)); }
  vscode-button[aria-disabled='true'] { opacity: 0.5; cursor: default; }
  vscode-icon { color: inherit; flex: none; }
  button.link { background: none; border: none; padding: 0; font: inherit; color: var(--vscode-textLink-foreground); cursor: pointer; text-align: start; }
  button.link:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
  button.icon { display: inline-flex; align-items: center; justify-content: center; width: 22px; height: 22px; padding: 0; background: none; border: 1px solid transparent; border-radius: 5px; color: var(--vscode-icon-foreground); cursor: pointer; flex: none; }
  button.icon:hover:not(:disabled) { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); }
  button.icon:disabled { opacity: 0.4; cursor: default; }
  :focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  button.link:focus-visible { outline-offset: 2px; }
  .bar { display: flex; align-items: flex-start; gap: 8px; padding: 6px 16px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
  .bar .row { gap: 0 8px; min-width: 0; }
  .bar.info { background: var(--vscode-inputValidation-infoBackground); color: var(--vscode-inputValidation-infoForeground, inherit); }
  .bar.warning { background: var(--vscode-inputValidation-warningBackground); color: var(--vscode-inputValidation-warningForeground, inherit); }
  .bar.error { background: var(--vscode-inputValidation-errorBackground); color: var(--vscode-inputValidation-errorForeground, inherit); }
  .bar button.link { color: inherit; text-decoration: underline; }
  .stage { display: inline-flex; align-items: center; gap: 4px; padding: 0 6px; height: 18px; line-height: 16px; font-size: 11px; font-weight: 600; border: 1px solid currentColor; border-radius: 9px; flex: none; }
  .stage.DEV { color: var(--vscode-promptvault-stageDev, var(--vscode-charts-blue)); }
  .stage.TST { color: var(--vscode-promptvault-stageTst, var(--vscode-charts-yellow)); }
  .stage.PRD { color: var(--vscode-promptvault-stagePrd, var(--vscode-charts-green)); }
  .stage.RET { color: var(--vscode-promptvault-stageRet, var(--vscode-descriptionForeground)); }
  .chip { display: inline-flex; align-items: center; gap: 4px; max-width: 100%; height: 24px; padding: 0 2px 0 8px; border: 1px solid var(--vscode-contrastBorder, var(--vscode-button-secondaryBorder, transparent)); border-radius: 4px; background: var(--vscode-button-secondaryBackground, var(--vscode-editor-background)); color: var(--vscode-button-secondaryForeground, var(--vscode-foreground)); font-size: 12px; }
  .chip .stage { height: auto; line-height: inherit; }
  .chip.plain { padding-inline-end: 8px; }
  .chip button.icon { color: inherit; width: 20px; height: 20px; }
  .skeleton { height: 14px; border-radius: 3px; background: var(--vscode-editorWidget-border, var(--vscode-panel-border, var(--vscode-contrastBorder))); opacity: 0.5; animation: breathe 1.6s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.2; } }
  @media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; } }
`;
