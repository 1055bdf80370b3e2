/** What VS Code must know of before any of our features is loaded. The manifest test compares it with package.json. */
export const viewOptions = {
  'promptvault.prompts': { canSelectMany: true, showCollapseAll: true },
  'promptvault.versions': { canSelectMany: true },
  'promptvault.runs': {},
  'promptvault.publishing': {},
} as const;
export type ViewId = keyof typeof viewOptions;

export const panelTypes = ['promptvault.editor', 'promptvault.lab'] as const;
export type PanelType = (typeof panelTypes)[number];

export const dragMimeType = 'application/vnd.code.tree.promptvault.prompts';

/** The steps of the walkthrough, by their ids. */
export const walkthroughSteps = ['write', 'try', 'key', 'promote', 'fetch'] as const;
