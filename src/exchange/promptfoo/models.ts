import type { ModelChoice } from '../../lab/dataTypes.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { Leave } from './notCarried.ts';

/** promptfoo's providers by the beginning of their id; `note` is what a person must do before they can be called. */
const vendors: [pattern: RegExp, vendor: string, note?: string][] = [
  [/^openai:(?:chat:|responses:)?(?!embedding|moderation|image|assistant|realtime|completion)(.+)$/, 'openai'],
  [/^anthropic:(?:messages:)?(?!completion|agent)(.+)$/, 'anthropic'],
  [/^(?:google|vertex):(?!live|image)(.+)$/, 'google'],
  [
    /^ollama:(?:chat:|completion:)?(.+)$/,
    'compatible',
    'set PROMPTVAULT_COMPATIBLE_URL to Ollama, for example http://localhost:11434',
  ],
  [
    /^(?:openrouter|groq|deepseek|mistral|togetherai|fireworks|perplexity|xai|cerebras|litellm|localai|llama|vllm|github):(?:chat:)?(.+)$/,
    'compatible',
    'set PROMPTVAULT_COMPATIBLE_URL and PROMPTVAULT_COMPATIBLE_KEY to this service',
  ],
];

const settingNames: { [name: string]: string } = {
  temperature: 'temperature',
  max_tokens: 'maxTokens',
  max_output_tokens: 'maxTokens',
  maxOutputTokens: 'maxTokens',
  max_completion_tokens: 'maxTokens',
  top_p: 'topP',
  topP: 'topP',
  top_k: 'topK',
  topK: 'topK',
  stop: 'stop',
  stop_sequences: 'stop',
  stopSequences: 'stop',
  seed: 'seed',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  response_format: 'response_format',
  reasoning_effort: 'reasoning_effort',
  tools: 'tools',
  tool_choice: 'tool_choice',
};

/** The models a configuration names, with their settings. */
export function readModels(value: Json | undefined, leave: Leave): ModelChoice[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.flatMap((entry, index) => {
    const choice = readModel(entry, `providers[${index}]`, leave);
    return choice === null ? [] : [choice];
  });
}

/** Null where no model of ours is meant; why is told. */
export function readModel(entry: Json, where: string, leave: Leave): ModelChoice | null {
  if (typeof entry === 'string') return modelOf(entry, where, leave);
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) {
    leave(where, 'provider', 'it is no provider');
    return null;
  }
  // `{ "openai:gpt-5": { config } }` is promptfoo's older spelling.
  const [only] = Object.keys(entry);
  if (entry.id === undefined && only?.includes(':')) {
    const inner = entry[only];
    const rest = inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? inner : {};
    return readModel({ id: only, ...rest }, where, leave);
  }
  const { id, label, config, ...others } = entry;
  for (const key of Object.keys(others)) leave(where, key, 'a model has no such part here');
  const model = typeof id === 'string' ? modelOf(id, where, leave) : null;
  if (model === null) return null;
  const settings = readSettings(config, where, leave);
  const name = typeof label === 'string' ? { label } : {};
  return Object.keys(settings).length === 0 && !label ? model : { model, settings, ...name };
}

function modelOf(id: string, where: string, leave: Leave): string | null {
  if (id === 'echo') return 'echo:echo';
  for (const [pattern, vendor, note] of vendors) {
    const [, model] = pattern.exec(id) ?? [];
    if (model === undefined) continue;
    if (note) leave(where, id, `it becomes ${vendor}:${model}: ${note}`);
    return `${vendor}:${model}`;
  }
  leave(where, id, 'there is no such vendor here; any OpenAI-compatible address works as compatible:<model>');
  return null;
}

function readSettings(config: Json | undefined, where: string, leave: Leave): JsonObject {
  if (config === null || typeof config !== 'object' || Array.isArray(config)) return {};
  const settings: JsonObject = {};
  for (const [key, value] of Object.entries(config)) {
    const name = settingNames[key];
    if (name !== undefined) settings[name] = value;
    else if (/key|secret|token$|password/i.test(key))
      leave(where, key, 'keys stay out of the vault: set them in VS Code or the environment');
    else if (/url|host|base/i.test(key))
      leave(where, key, 'addresses stay out of the vault: set them in the settings or the environment');
    else leave(where, key, 'no vendor here has a setting of this name');
  }
  return settings;
}
