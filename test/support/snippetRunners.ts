/** How each language's snippet is called and run, and what makes it print the prompt it fetched. */
export const snippetRunners: Record<string, { file: string; command: string; print: string }> = {
  TypeScript: { file: 'snippet.mts', command: process.execPath, print: '\nconsole.log(JSON.stringify(prompt));' },
  JavaScript: { file: 'snippet.mjs', command: process.execPath, print: '\nconsole.log(JSON.stringify(prompt));' },
  Python: { file: 'snippet.py', command: 'python3', print: '\nprint(json.dumps(prompt))' },
  Shell: { file: 'snippet.sh', command: 'sh', print: '' },
};
