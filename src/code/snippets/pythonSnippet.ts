import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const imports: Record<SnippetSource, string> = {
  vault: 'import json\nimport subprocess',
  server: 'import json\nimport os\nimport re\nimport urllib.request',
  bundle: 'import json\nimport re',
};

// The header that is not redirected stays with the server it is meant for.
const fetches: Record<SnippetSource, string> = {
  vault: `    variables = [part for name, value in (values or {}).items() for part in ("--var", f"{name}={value}")]
    command = ["promptvault", "get", path, "--json", *variables]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(result.stdout)`,
  server: `    request = urllib.request.Request(f"{os.environ['PROMPTVAULT_URL']}/v1/get/{path}")
    request.add_unredirected_header("Authorization", f"Bearer {os.environ['PROMPTVAULT_TOKEN']}")
    with urllib.request.urlopen(request, timeout=5) as answer:
        return render(json.load(answer), values)`,
  bundle: `    with open("prompts.json", encoding="utf-8") as file:
        prompt = json.load(file)["prompts"][path]
    return render(prompt["versions"][prompt["prd"]], values)`,
};

const render = String.raw`

PLACEHOLDER = re.compile(r"\\\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")


def render(prompt, values):
    """In one pass: values are never read again, and only declared variables are replaced."""
    if values is None:
        return prompt
    declared = {variable["name"]: variable.get("default") for variable in prompt["variables"]}
    texts = {**declared, **values}
    wrong = [name for name, text in texts.items() if text is None or name not in declared]
    if wrong:
        raise ValueError(f"Give a value for, or leave out: {', '.join(wrong)}")

    def replace(match):
        return texts.get(match[1], match[0]) if match[1] else "{{"

    messages = [{**message, "content": PLACEHOLDER.sub(replace, message["content"])} for message in prompt["messages"]]
    return {**prompt, "messages": messages}`;

const about: Record<SnippetSource, string> = {
  vault: '',
  server: '# PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".\n',
  bundle: '# prompts.json is written by "promptvault bundle --out prompts.json".\n',
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const pair = (name: string, value: string) => `"${name}": "${value}"`;
  return `${imports[source]}
${source === 'vault' ? '' : `${render}\n`}

${about[source]}def get_prompt(path, values=None):
    """The production version of a prompt, rendered with the values."""
${fetches[source]}


prompt = get_prompt("${request.path}"${writeValues(request, { open: ', {', pair, close: '}' })})
`;
};

export const python: Snippet = {
  label: 'Python',
  languages: ['python'],
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
