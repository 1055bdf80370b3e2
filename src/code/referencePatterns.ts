const segment = '[A-Za-z0-9][A-Za-z0-9._-]*';
/** Sources of regular expressions without groups: a prompt's path, and a selector where nothing tells where it ends. */
export const pathPattern = `${segment}(?:/${segment})*`;
export const selectorPattern = '[\\w.^~<>=*-]+';
/** `path[@selector]` and nothing else. */
export const wholeReference = new RegExp(`^(${pathPattern})(?:@([^\\s@][^@\\n]{0,60}))?$`);

/** Verbs of the command line tool whose first word is a prompt, and what they choose from. */
export const commandVerbs: { readonly [verb: string]: 'released' | 'any' } = {
  get: 'released',
  render: 'any',
  show: 'any',
  test: 'any',
  diff: 'any',
  history: 'any',
  blame: 'any',
  edit: 'any',
  version: 'any',
  promote: 'any',
};
export const verbPattern = Object.keys(commandVerbs).join('|');
