import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const imports: Record<SnippetSource, string[]> = {
  vault: ['System.Diagnostics', 'System.Text', 'System.Text.Json.Nodes'],
  server: ['System.Net.Http.Headers', 'System.Text.Json.Nodes', 'System.Text.RegularExpressions'],
  bundle: ['System.Text.Json.Nodes', 'System.Text.RegularExpressions'],
};

const fetches: Record<SnippetSource, string> = {
  vault: `    var start = new ProcessStartInfo("promptvault") { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
    foreach (var word in new[] { "get", path, "--json" }) start.ArgumentList.Add(word);
    foreach (var (name, value) in values ?? new())
    {
        start.ArgumentList.Add("--var");
        start.ArgumentList.Add($"{name}={value}");
    }
    using var process = Process.Start(start)!;
    var answer = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    if (process.ExitCode != 0) throw new InvalidOperationException($"{path} could not be fetched");
    return JsonNode.Parse(answer)!;`,
  server: `    using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
    var token = Environment.GetEnvironmentVariable("PROMPTVAULT_TOKEN");
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    var url = Environment.GetEnvironmentVariable("PROMPTVAULT_URL");
    return Render(JsonNode.Parse(await http.GetStringAsync($"{url}/v1/get/{path}"))!, values);`,
  bundle: `    var bundle = JsonNode.Parse(await File.ReadAllTextAsync("prompts.json"))!;
    var prompt = bundle["prompts"]![path] ?? throw new KeyNotFoundException(path);
    return Render(prompt["versions"]![(string)prompt["prd"]!]!, values);`,
};

const render = String.raw`

// In one pass: values are never read again, and only declared variables are replaced.
static JsonNode Render(JsonNode prompt, Dictionary<string, string>? values)
{
    if (values is null) return prompt;
    var texts = new Dictionary<string, string>(values);
    var wrong = new HashSet<string>(values.Keys);
    foreach (var variable in prompt["variables"]!.AsArray())
    {
        var name = (string)variable!["name"]!;
        wrong.Remove(name);
        if (variable["default"] is JsonNode preset) texts.TryAdd(name, (string)preset!);
        if (!texts.ContainsKey(name)) wrong.Add(name);
    }
    if (wrong.Count > 0) throw new ArgumentException("Give a value for, or leave out: " + string.Join(", ", wrong));
    foreach (var message in prompt["messages"]!.AsArray())
    {
        message!["content"] = Regex.Replace(
            (string)message["content"]!,
            @"\\\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}",
            found => found.Groups[1].Success ? texts.GetValueOrDefault(found.Groups[1].Value, found.Value) : "{{");
    }
    return prompt;
}`;

const about: Record<SnippetSource, string> = {
  vault: '',
  server: ' PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".',
  bundle: ' prompts.json is written by "promptvault bundle --out prompts.json".',
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const pair = (name: string, value: string) => `["${name}"] = "${value}"`;
  const values = writeValues(request, { open: ', new() { ', pair, close: ' }' });
  return `${imports[source].map((name) => `using ${name};`).join('\n')}

var prompt = await GetPrompt("${request.path}"${values});
Console.WriteLine(prompt.ToJsonString());

// The production version of a prompt, rendered with the values.${about[source]}
static async Task<JsonNode> GetPrompt(string path, Dictionary<string, string>? values = null)
{
${fetches[source]}
}${source === 'vault' ? '' : render}
`;
};

export const csharp: Snippet = {
  label: 'C#',
  languages: ['csharp'],
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
