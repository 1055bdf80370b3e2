import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const fetches: Record<SnippetSource, string> = {
  vault: `    $command = ['promptvault', 'get', $path, '--json'];
    foreach ($values ?? [] as $name => $value) {
        array_push($command, '--var', "$name=$value");
    }
    $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
    $answer = $process ? stream_get_contents($pipes[1]) : '';
    if (!$process || proc_close($process) !== 0) {
        throw new RuntimeException("$path could not be fetched");
    }
    return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);`,
  server: `    $header = 'Authorization: Bearer ' . getenv('PROMPTVAULT_TOKEN');
    $context = stream_context_create(['http' => ['header' => $header, 'timeout' => 5, 'follow_location' => 0]]);
    $answer = file_get_contents(getenv('PROMPTVAULT_URL') . "/v1/get/$path", false, $context);
    if ($answer === false) {
        throw new RuntimeException("$path could not be fetched");
    }
    return render(json_decode($answer, true, flags: JSON_THROW_ON_ERROR), $values);`,
  bundle: `    $bundle = json_decode(file_get_contents('prompts.json'), true, flags: JSON_THROW_ON_ERROR);
    $prompt = $bundle['prompts'][$path] ?? throw new OutOfBoundsException($path);
    return render($prompt['versions'][$prompt['prd']], $values);`,
};

const render = String.raw`/** In one pass: values are never read again, and only declared variables are replaced. */
function render(array $prompt, ?array $values): array
{
    if ($values === null) {
        return $prompt;
    }
    $declared = array_column($prompt['variables'], null, 'name');
    $texts = $values + array_filter(array_map(fn ($variable) => $variable['default'] ?? null, $declared), 'is_string');
    $wrong = [...array_keys(array_diff_key($declared, $texts)), ...array_keys(array_diff_key($values, $declared))];
    if ($wrong !== []) {
        throw new InvalidArgumentException('Give a value for, or leave out: ' . implode(', ', $wrong));
    }
    $replace = fn (array $found) => isset($found[1]) ? $texts[$found[1]] ?? $found[0] : '{{';
    foreach ($prompt['messages'] as &$message) {
        $pattern = '/\\\\\{\{|\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}/';
        $message['content'] = preg_replace_callback($pattern, $replace, $message['content']);
    }
    return $prompt;
}

`;

const about: Record<SnippetSource, string> = {
  vault: '',
  server: ' PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".',
  bundle: ' prompts.json is written by "promptvault bundle --out prompts.json".',
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const pair = (name: string, value: string) => `'${name}' => '${value}'`;
  return `${source === 'vault' ? '' : render}/** The production version of a prompt, rendered with the values.${about[source]} */
function getPrompt(string $path, ?array $values = null): array
{
${fetches[source]}
}

$prompt = getPrompt('${request.path}'${writeValues(request, { open: ', [', pair, close: ']' })});
`;
};

export const php: Snippet = {
  label: 'PHP',
  languages: ['php'],
  opening: '<?php\n\n',
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
