import { EditorView } from '@codemirror/view';

/** CodeMirror in the theme of VS Code's own editor. */
export const messageTheme = EditorView.theme({
  '&': {
    color: 'var(--vscode-editor-foreground)',
    backgroundColor: 'var(--vscode-editor-background)',
    maxHeight: '60vh',
  },
  '&.cm-focused': { outline: '1px solid var(--vscode-focusBorder)', outlineOffset: '-1px' },
  '.cm-scroller': {
    fontFamily: 'var(--vscode-editor-font-family)',
    fontSize: 'var(--vscode-editor-font-size)',
    lineHeight: '1.5',
    overflow: 'auto',
  },
  '.cm-content': { padding: '8px 4px', minHeight: '56px', caretColor: 'var(--vscode-editorCursor-foreground)' },
  '.cm-line': { padding: '0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--vscode-editorCursor-foreground)' },
  '.cm-placeholder': { color: 'var(--vscode-input-placeholderForeground)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--vscode-editor-selectionBackground)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--vscode-editor-selectionHighlightBackground)' },
  '.cm-searchMatch': { backgroundColor: 'var(--vscode-editor-findMatchHighlightBackground)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--vscode-editor-findMatchBackground)' },
  '.cm-lintRange-warning, .cm-lintRange-info': { backgroundImage: 'none' },
  '.cm-tooltip': {
    color: 'var(--vscode-editorHoverWidget-foreground)',
    backgroundColor: 'var(--vscode-editorHoverWidget-background)',
    border: '1px solid var(--vscode-editorHoverWidget-border)',
    borderRadius: '3px',
    maxWidth: 'min(420px, 90vw)',
  },
  '.cm-diagnostic': { borderLeft: 'none', padding: '4px 8px', fontFamily: 'var(--vscode-font-family)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--vscode-editor-font-family)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground))',
    background: 'var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground))',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--vscode-list-highlightForeground)' },
  '.cm-panels': {
    color: 'var(--vscode-editorWidget-foreground)',
    backgroundColor: 'var(--vscode-editorWidget-background)',
    borderBottom: '1px solid var(--vscode-editorWidget-border, transparent)',
  },
  '.cm-panel.cm-search': { fontFamily: 'var(--vscode-font-family)' },
  '.cm-textfield': {
    color: 'var(--vscode-input-foreground)',
    backgroundColor: 'var(--vscode-input-background)',
    border: '1px solid var(--vscode-input-border, transparent)',
  },
  '.cm-button': {
    color: 'var(--vscode-button-secondaryForeground)',
    background: 'var(--vscode-button-secondaryBackground)',
    border: '1px solid var(--vscode-contrastBorder, var(--vscode-button-secondaryBorder, transparent))',
  },
});
