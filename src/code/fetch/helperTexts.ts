/** Functions that give a prompt's text in one expression and fail by themselves, where a snippet's function gives more, or an error. */
export const goHelper = `// The text of a prompt's first message in production, rendered with the values.
func getPromptText(path string, values map[string]string) string {
	command := []string{"get", path, "--json"}
	for name, value := range values {
		command = append(command, "--var", name+"="+value)
	}
	answer, err := exec.Command("promptvault", command...).Output()
	if err != nil {
		panic(path + " could not be fetched: " + err.Error())
	}
	var prompt struct{ Messages []struct{ Content string } }
	if err := json.Unmarshal(answer, &prompt); err != nil {
		panic(err)
	}
	return prompt.Messages[0].Content
}
`;

// Names are written out, so that no import can be missing or stand twice.
export const javaHelper = `/** Prompts of the vault. Needs com.fasterxml.jackson.core:jackson-databind. */
class PromptVault {
    /** The text of a prompt's first message in production, rendered with the values. */
    static String getPromptText(String path, java.util.Map<String, String> values) {
        var command = new java.util.ArrayList<>(java.util.List.of("promptvault", "get", path, "--json"));
        values.forEach((name, value) -> command.addAll(java.util.List.of("--var", name + "=" + value)));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            byte[] answer = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) throw new IllegalStateException(path + " could not be fetched");
            var prompt = new com.fasterxml.jackson.databind.ObjectMapper().readTree(answer);
            return prompt.required("messages").required(0).required("content").asText();
        } catch (java.io.IOException | InterruptedException error) {
            throw new IllegalStateException(path + " could not be fetched", error);
        }
    }
}
`;

export const csharpHelper = `/// <summary>Prompts of the vault.</summary>
static class PromptVault
{
    /// <summary>The text of a prompt's first message in production, rendered with the values.</summary>
    public static string GetPromptText(
        string path,
        System.Collections.Generic.Dictionary<string, string>? values = null)
    {
        var start = new System.Diagnostics.ProcessStartInfo("promptvault")
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        foreach (var word in new[] { "get", path, "--json" }) start.ArgumentList.Add(word);
        foreach (var (name, value) in values ?? new())
        {
            start.ArgumentList.Add("--var");
            start.ArgumentList.Add($"{name}={value}");
        }
        using var process = System.Diagnostics.Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new System.InvalidOperationException($"{path} could not be fetched");
        return (string)System.Text.Json.Nodes.JsonNode.Parse(answer)!["messages"]![0]!["content"]!;
    }
}
`;

export const rustHelper = `/// The text of a prompt's first message in production, rendered with the values. Needs: cargo add serde_json.
fn get_prompt_text(path: &str, values: &[(&str, &str)]) -> String {
    let mut command = std::process::Command::new("promptvault");
    command.args(["get", path, "--json"]);
    for (name, value) in values {
        command.args(["--var", &format!("{name}={value}")]);
    }
    let answer = command.output().expect("promptvault runs");
    assert!(answer.status.success(), "{path} could not be fetched");
    let prompt: serde_json::Value = serde_json::from_slice(&answer.stdout).expect("promptvault prints JSON");
    prompt["messages"][0]["content"].as_str().expect("a prompt has a message").to_string()
}
`;
