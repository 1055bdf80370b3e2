import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const imports: Record<SnippetSource, string[]> = {
  vault: ['serde_json::Value', 'std::error::Error', 'std::process::Command'],
  server: [
    'regex::{Captures, Regex}',
    'serde_json::Value',
    'std::collections::BTreeMap',
    'std::error::Error',
    'std::time::Duration',
  ],
  bundle: ['regex::{Captures, Regex}', 'serde_json::Value', 'std::collections::BTreeMap', 'std::error::Error'],
};
const crates: Record<SnippetSource, string> = {
  vault: 'cargo add serde_json',
  server: 'cargo add regex serde_json ureq. PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".',
  bundle: 'cargo add regex serde_json. prompts.json is written by "promptvault bundle --out prompts.json".',
};

const fetches: Record<SnippetSource, string> = {
  vault: `    let mut command = Command::new("promptvault");
    command.args(["get", path, "--json"]);
    for (name, value) in values {
        command.args(["--var", &format!("{name}={value}")]);
    }
    let answer = command.output()?;
    if !answer.status.success() {
        return Err(String::from_utf8_lossy(&answer.stdout).into());
    }
    Ok(serde_json::from_slice(&answer.stdout)?)`,
  server: `    let address = format!("{}/v1/get/{path}", std::env::var("PROMPTVAULT_URL")?);
    let token = format!("Bearer {}", std::env::var("PROMPTVAULT_TOKEN")?);
    let limits = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).max_redirects(0);
    let agent = ureq::Agent::new_with_config(limits.build());
    let answer = agent.get(&address).header("Authorization", &token).call()?.into_body().read_to_string()?;
    render(serde_json::from_str(&answer)?, values)`,
  bundle: `    let bundle: Value = serde_json::from_str(&std::fs::read_to_string("prompts.json")?)?;
    let prompt = &bundle["prompts"][path];
    let production = prompt["prd"].as_str().ok_or(format!("prompts.json has no {path}"))?;
    render(prompt["versions"][production].clone(), values)`,
};

const render = String.raw`

/// In one pass: values are never read again, and only declared variables are replaced.
fn render(mut prompt: Value, values: &[(&str, &str)]) -> Result<Value, Box<dyn Error>> {
    if values.is_empty() {
        return Ok(prompt);
    }
    let mut texts: BTreeMap<String, Option<String>> = BTreeMap::new();
    for variable in prompt["variables"].as_array().into_iter().flatten() {
        let name = variable["name"].as_str().unwrap_or_default();
        texts.insert(name.to_string(), variable["default"].as_str().map(str::to_string));
    }
    let mut wrong: Vec<String> = vec![];
    for (name, value) in values {
        match texts.get_mut(*name) {
            Some(text) => *text = Some(value.to_string()),
            None => wrong.push(name.to_string()),
        }
    }
    wrong.extend(texts.iter().filter(|(_, text)| text.is_none()).map(|(name, _)| name.clone()));
    if !wrong.is_empty() {
        return Err(format!("give a value for, or leave out: {}", wrong.join(", ")).into());
    }
    let placeholder = Regex::new(r"\\\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")?;
    for message in prompt["messages"].as_array_mut().into_iter().flatten() {
        let content = message["content"].as_str().unwrap_or_default().to_string();
        let rendered = placeholder.replace_all(&content, |found: &Captures| match found.get(1) {
            None => "{{".to_string(),
            Some(name) => texts.get(name.as_str()).cloned().flatten().unwrap_or(found[0].to_string()),
        });
        message["content"] = rendered.into_owned().into();
    }
    Ok(prompt)
}`;

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const pair = (name: string, value: string) => `("${name}", "${value}")`;
  const values = writeValues(request, { open: '&[', pair, close: ']' }) || '&[]';
  return `${imports[source].map((name) => `use ${name};`).join('\n')}

/// The production version of a prompt, rendered with the values. ${crates[source]}
fn get_prompt(path: &str, values: &[(&str, &str)]) -> Result<Value, Box<dyn Error>> {
${fetches[source]}
}${source === 'vault' ? '' : render}

fn main() -> Result<(), Box<dyn Error>> {
    let prompt = get_prompt("${request.path}", ${values})?;
    println!("{prompt}");
    Ok(())
}
`;
};

export const rust: Snippet = {
  label: 'Rust',
  languages: ['rust'],
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
