import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const imports: Record<SnippetSource, string[]> = {
  vault: ['json', 'open3'],
  server: ['json', 'net/http'],
  bundle: ['json'],
};

const fetches: Record<SnippetSource, string> = {
  vault: `  variables = (values || {}).flat_map { |name, value| ["--var", "#{name}=#{value}"] }
  answer, status = Open3.capture2("promptvault", "get", path, "--json", *variables)
  raise "#{path} could not be fetched" unless status.success?
  JSON.parse(answer)`,
  server: `  uri = URI("#{ENV.fetch("PROMPTVAULT_URL")}/v1/get/#{path}")
  headers = { "Authorization" => "Bearer #{ENV.fetch("PROMPTVAULT_TOKEN")}" }
  limits = { use_ssl: uri.scheme == "https", open_timeout: 5, read_timeout: 5 }
  answer = Net::HTTP.start(uri.host, uri.port, **limits) { |http| http.get(uri.request_uri, headers) }
  raise "#{path}: status #{answer.code}" unless answer.is_a?(Net::HTTPOK)
  render(JSON.parse(answer.body), values)`,
  bundle: `  prompt = JSON.parse(File.read("prompts.json", encoding: "UTF-8")).fetch("prompts").fetch(path)
  render(prompt["versions"].fetch(prompt["prd"]), values)`,
};

const render = String.raw`

PLACEHOLDER = /\\\{\{|\{\{[ \t]*(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}/

# In one pass: values are never read again, and only declared variables are replaced.
def render(prompt, values)
  return prompt if values.nil?
  declared = prompt["variables"].to_h { |variable| [variable["name"], variable["default"]] }
  texts = declared.merge(values.transform_keys(&:to_s))
  wrong = texts.select { |name, text| text.nil? || !declared.key?(name) }.keys
  raise ArgumentError, "Give a value for, or leave out: #{wrong.join(", ")}" unless wrong.empty?
  messages = prompt["messages"].map do |message|
    content = message["content"].gsub(PLACEHOLDER) { |found| $~[:name] ? texts.fetch($~[:name], found) : "{{" }
    message.merge("content" => content)
  end
  prompt.merge("messages" => messages)
end`;

const about: Record<SnippetSource, string> = {
  vault: '',
  server: '\n# PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".',
  bundle: '\n# prompts.json is written by "promptvault bundle --out prompts.json".',
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const pair = (name: string, value: string) => `"${name}" => "${value}"`;
  return `${imports[source].map((name) => `require "${name}"`).join('\n')}${source === 'vault' ? '' : render}

# The production version of a prompt, rendered with the values.${about[source]}
def get_prompt(path, values = nil)
${fetches[source]}
end

prompt = get_prompt("${request.path}"${writeValues(request, { open: ', { ', pair, close: ' }' })})
`;
};

export const ruby: Snippet = {
  label: 'Ruby',
  languages: ['ruby'],
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
