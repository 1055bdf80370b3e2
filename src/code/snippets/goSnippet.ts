import { type Snippet, type SnippetRequest, type SnippetSource, writeValues } from './snippetTypes.ts';

const imports: Record<SnippetSource, string[]> = {
  vault: ['encoding/json', 'fmt', 'os/exec'],
  server: ['encoding/json', 'fmt', 'net/http', 'os', 'regexp', 'strings', 'time'],
  bundle: ['encoding/json', 'fmt', 'os', 'regexp', 'strings'],
};

const types = `type Message struct{ Role, Content string }

type Prompt struct {
	Path, Version, Hash string
	Messages            []Message
	Settings            map[string]any
	Variables           []struct {
		Name    string
		Default *string
	}
}`;

const fetches: Record<SnippetSource, string> = {
  vault: `	command := []string{"get", path, "--json"}
	for name, value := range values {
		command = append(command, "--var", name+"="+value)
	}
	var prompt Prompt
	answer, err := exec.Command("promptvault", command...).Output()
	if err != nil {
		return prompt, err
	}
	err = json.Unmarshal(answer, &prompt)
	return prompt, err`,
  server: `	var prompt Prompt
	request, err := http.NewRequest("GET", os.Getenv("PROMPTVAULT_URL")+"/v1/get/"+path, nil)
	if err != nil {
		return prompt, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("PROMPTVAULT_TOKEN"))
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		return prompt, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return prompt, fmt.Errorf("%s: %s", path, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(&prompt); err != nil {
		return prompt, err
	}
	err = render(&prompt, values)
	return prompt, err`,
  bundle: `	var bundle struct {
		Prompts map[string]struct {
			Prd      string
			Versions map[string]Prompt
		}
	}
	text, err := os.ReadFile("prompts.json")
	if err != nil {
		return Prompt{}, err
	}
	if err := json.Unmarshal(text, &bundle); err != nil {
		return Prompt{}, err
	}
	bundled := bundle.Prompts[path]
	prompt, found := bundled.Versions[bundled.Prd]
	if !found {
		return prompt, fmt.Errorf("prompts.json has no %s", path)
	}
	err = render(&prompt, values)
	return prompt, err`,
};

const render = String.raw`

var placeholder = regexp.MustCompile("\\\\\\{\\{|\\{\\{[ \\t]*[A-Za-z_][A-Za-z0-9_]*[ \\t]*\\}\\}")

// In one pass: values are never read again, and only declared variables are replaced.
func render(prompt *Prompt, values map[string]string) error {
	if values == nil {
		return nil
	}
	texts := map[string]string{}
	wrong := []string{}
	for _, variable := range prompt.Variables {
		if value, given := values[variable.Name]; given {
			texts[variable.Name] = value
		} else if variable.Default != nil {
			texts[variable.Name] = *variable.Default
		} else {
			wrong = append(wrong, variable.Name)
			texts[variable.Name] = ""
		}
	}
	for name := range values {
		if _, declared := texts[name]; !declared {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("give a value for, or leave out: %s", strings.Join(wrong, ", "))
	}
	for i, message := range prompt.Messages {
		prompt.Messages[i].Content = placeholder.ReplaceAllStringFunc(message.Content, func(found string) string {
			if found[0] == '\\' {
				return "{{"
			}
			if text, declared := texts[strings.Trim(found, "{} \t")]; declared {
				return text
			}
			return found
		})
	}
	return nil
}`;

const about: Record<SnippetSource, string> = {
  vault: '',
  server: '\n// PROMPTVAULT_URL and PROMPTVAULT_TOKEN are those of "promptvault serve".',
  bundle: '\n// prompts.json is written by "promptvault bundle --out prompts.json".',
};

const write = (source: SnippetSource) => (request: SnippetRequest) => {
  const pair = (name: string, value: string) => `"${name}": "${value}"`;
  const values = writeValues(request, { open: 'map[string]string{', pair, close: '}' }) || 'nil';
  return `import (
${imports[source].map((name) => `	"${name}"`).join('\n')}
)

${types}${source === 'vault' ? '' : render}

// The production version of a prompt, rendered with the values.${about[source]}
func getPrompt(path string, values map[string]string) (Prompt, error) {
${fetches[source]}
}

func main() {
	prompt, err := getPrompt("${request.path}", ${values})
	if err != nil {
		panic(err)
	}
	fmt.Println(prompt.Messages)
}
`;
};

export const go: Snippet = {
  label: 'Go',
  languages: ['go'],
  opening: 'package main\n\n',
  write: { vault: write('vault'), server: write('server'), bundle: write('bundle') },
};
