import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const own: Record<SnippetSource, string[]> = {
  vault: ['java.util.ArrayList', 'java.util.List', 'java.util.Map'],
  server: [
    'java.net.URI',
    'java.net.http.HttpClient',
    'java.net.http.HttpRequest',
    'java.net.http.HttpResponse',
    'java.time.Duration',
    'java.util.Map',
    'java.util.TreeMap',
    'java.util.TreeSet',
    'java.util.regex.Matcher',
    'java.util.regex.Pattern',
  ],
  bundle: [
    'java.io.File',
    'java.util.Map',
    'java.util.TreeMap',
    'java.util.TreeSet',
    'java.util.regex.Matcher',
    'java.util.regex.Pattern',
  ],
};
const jackson = 'com.fasterxml.jackson.databind';

const fetches: Record<SnippetSource, string> = {
  vault: `        List<String> command = new ArrayList<>(List.of("promptvault", "get", path, "--json"));
        values.forEach((name, value) -> command.addAll(List.of("--var", name + "=" + value)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] answer = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) throw new IllegalStateException(path + " could not be fetched");
        return JSON.readTree(answer);`,
  server: `        HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("PROMPTVAULT_URL") + "/v1/get/" + path))
            .header("Authorization", "Bearer " + System.getenv("PROMPTVAULT_TOKEN"))
            .timeout(Duration.ofSeconds(5))
            .build();
        HttpResponse<byte[]> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) throw new IllegalStateException(path + ": status " + answer.statusCode());
        return render(JSON.readTree(answer.body()), values);`,
  bundle: `        JsonNode prompt = JSON.readTree(new File("prompts.json")).required("prompts").required(path);
        return render(prompt.required("versions").required(prompt.required("prd").asText()), values);`,
};

const render = String.raw`

    private static final Pattern PLACEHOLDER =
        Pattern.compile("\\\\\\{\\{|\\{\\{[ \\t]*([A-Za-z_][A-Za-z0-9_]*)[ \\t]*\\}\\}");

    /** In one pass: values are never read again, and only declared variables are replaced. */
    static JsonNode render(JsonNode prompt, Map<String, String> values) {
        if (values.isEmpty()) return prompt;
        Map<String, String> texts = new TreeMap<>(values);
        TreeSet<String> wrong = new TreeSet<>(values.keySet());
        for (JsonNode variable : prompt.required("variables")) {
            String name = variable.required("name").asText();
            wrong.remove(name);
            if (variable.has("default")) texts.putIfAbsent(name, variable.get("default").asText());
            if (!texts.containsKey(name)) wrong.add(name);
        }
        if (!wrong.isEmpty()) throw new IllegalArgumentException("Give a value for, or leave out: " + wrong);
        for (JsonNode message : prompt.required("messages")) {
            String content = PLACEHOLDER.matcher(message.required("content").asText()).replaceAll(found -> {
                String name = found.group(1);
                return Matcher.quoteReplacement(name == null ? "{{" : texts.getOrDefault(name, found.group()));
            });
            ((ObjectNode) message).put("content", content);
        }
        return prompt;
    }`;

const about: Record<SnippetSource, string> = {
  vault: '',
  server: ' PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".',
  bundle: ' prompts.json is written by "promptvault bundle --out prompts.json".',
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const json = ['JsonNode', 'ObjectMapper', ...(source === 'vault' ? [] : ['node.ObjectNode'])];
  const imports = [...json.map((name) => `${jackson}.${name}`), ...own[source]];
  const pair = (name: string, value: string) => `Map.entry("${name}", "${value}")`;
  const values = writeValues(request, { open: 'Map.ofEntries(', pair, close: ')' }) || 'Map.of()';
  const http = '\n    private static final HttpClient HTTP = HttpClient.newHttpClient();';
  return `${imports.map((name) => `import ${name};`).join('\n')}

// Needs com.fasterxml.jackson.core:jackson-databind.${about[source]}
class FetchPrompt {
    private static final ObjectMapper JSON = new ObjectMapper();${source === 'server' ? http : ''}

    /** The production version of a prompt, rendered with the values. */
    static JsonNode getPrompt(String path, Map<String, String> values) throws Exception {
${fetches[source]}
    }${source === 'vault' ? '' : render}

    public static void main(String[] words) throws Exception {
        JsonNode prompt = getPrompt("${request.path}", ${values});
        System.out.println(prompt);
    }
}
`;
};

export const java: Snippet = {
  label: 'Java',
  languages: ['java'],
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
