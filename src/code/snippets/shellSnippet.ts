import { neededVariables, type Snippet, type SnippetRequest, type SnippetSource } from './snippetTypes.ts';

/** What jq does with a prompt as it is served; the values are its positional arguments. */
const render = String.raw`([.variables[] | {key: .name, value: .default}] | from_entries) as $declared
  | ([$ARGS.positional[] | index("=") as $at | {key: .[:$at], value: .[$at + 1:]}] | from_entries) as $values
  | ($declared + $values) as $texts
  | [$texts | to_entries[] | .key as $key | select(.value == null or ($declared | has($key) | not)) | $key] as $wrong
  | if $values == {} then . elif $wrong != [] then error("give a value for, or leave out: " + ($wrong | join(", ")))
    else .messages[].content |= gsub(
      "\\\\\\{\\{|(?<all>\\{\\{[ \\t]*(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \\t]*\\}\\})";
      if .name then $texts[.name] // .all else "{{" end) end`;

// The token goes in by a pipe: arguments are seen by everybody on the machine.
const writers: Record<SnippetSource, (path: string, values: string) => string> = {
  vault: (path, values) => `prompt=$(promptvault get '${path}' --json${values}) || exit 1`,
  server: (
    path,
    values,
  ) => `# PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve". Needs curl and jq.
served=$(printf 'header = "Authorization: Bearer %s"' "$PROMPTVAULT_TOKEN" |
  curl -fsS --max-time 5 --config - "$PROMPTVAULT_URL/v1/get/${path}") || exit 1
prompt=$(printf '%s\\n' "$served" | jq '${render}' --args${values}) || exit 1`,
  bundle: (path, values) => `# promptvault: ${path}
# prompts.json is written by "promptvault bundle --out prompts.json". Needs jq.
prompt=$(jq '.prompts["${path}"] | .versions[.prd]
  | ${render}' prompts.json --args${values}) || exit 1`,
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const flag = source === 'vault' ? ' --var' : '';
  const values = neededVariables(request).map((name) => `${flag} '${name}=<${name}>'`);
  return `${writers[source](request.path, values.join(''))}\nprintf '%s\\n' "$prompt"\n`;
};

export const shell: Snippet = {
  label: 'Shell',
  languages: ['shellscript'],
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
