/** What a snippet is made for: a prompt's path and the variables its callers must give. */
export type SnippetRequest = { path: string; variables: readonly { name: string; default?: string }[] };

/** Where the application gets its prompts: the vault's file by the command, `promptvault serve`, or a bundle in a file. */
export type SnippetSource = 'vault' | 'server' | 'bundle';

export type Snippet = {
  /** What a person chooses from. */
  label: string;
  /** VS Code's language ids it fits. */
  languages: readonly string[];
  /** What only the beginning of a file has. */
  opening?: string;
  /** Source text, LF line ends. With `opening` before it, it runs as it is. */
  write: { readonly [Source in SnippetSource]: (request: SnippetRequest) => string };
};

/** How a language writes values by name. */
export type Spelling = { open: string; pair: (name: string, value: string) => string; close: string };

/** The call's values, each a placeholder to fill in; nothing for a prompt without variables. */
export function writeValues(request: SnippetRequest, { open, pair, close }: Spelling): string {
  const pairs = neededVariables(request).map((name) => pair(name, `<${name}>`));
  return pairs.length === 0 ? '' : open + pairs.join(', ') + close;
}

/** Those without a default in the vault; all where each has one, since a prompt is rendered only when values are given. */
export function neededVariables({ variables }: SnippetRequest): string[] {
  const required = variables.filter((variable) => variable.default === undefined);
  return (required.length > 0 ? required : variables).map(({ name }) => name);
}
