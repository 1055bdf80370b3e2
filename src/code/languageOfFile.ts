const byExtension: { readonly [extension: string]: string } = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescriptreact',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascriptreact',
  py: 'python',
  pyi: 'python',
  go: 'go',
  java: 'java',
  cs: 'csharp',
  rb: 'ruby',
  rake: 'ruby',
  php: 'php',
  rs: 'rust',
  sh: 'shellscript',
  bash: 'shellscript',
  zsh: 'shellscript',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'jsonc',
};
const byName: { readonly [name: string]: string } = { Rakefile: 'ruby', Gemfile: 'ruby', '.envrc': 'shellscript' };
// Written by tools, in one long line or as a list of packages: nobody's prompts.
const written = /\.min\.[cm]?js$|^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|composer\.lock)$/;

/** VS Code's id of the language in which a file's name says it is written; null for any in which no references are found. */
export function languageOfFile(file: string): string | null {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  if (written.test(name)) return null;
  if (/^(?:docker-)?compose(?:\.[\w.-]+)?\.ya?ml$/.test(name)) return 'dockercompose';
  if (Object.hasOwn(byName, name)) return byName[name]!;
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return name.includes('.') && Object.hasOwn(byExtension, extension) ? byExtension[extension]! : null;
}
