import assert from 'node:assert/strict';
import { findReferences } from '../../../src/code/findReferences.ts';
import {
  addVariable,
  removeVariable,
  renameVariable,
  type TextEdit,
} from '../../../src/extension/code/callSiteEdits.ts';

type Row = { language: string; call: string; added: string; removed?: string; renamed?: string };
/** Each passes `message`, if any. */
const rows: Row[] = [
  {
    language: 'typescript',
    call: "getPrompt('a/b', { message })",
    added: "getPrompt('a/b', { tone, message })",
    removed: "getPrompt('a/b', { })",
    renamed: "getPrompt('a/b', { tone: message })",
  },
  {
    language: 'javascript',
    call: "getPrompt('a/b', { variables: { message: f(1, ')'), other } })",
    added: "getPrompt('a/b', { variables: { tone: tone, message: f(1, ')'), other } })",
    removed: "getPrompt('a/b', { variables: { other } })",
    renamed: "getPrompt('a/b', { variables: { tone: f(1, ')'), other } })",
  },
  {
    language: 'typescript',
    call: "getPrompt('a/b', { variables: {} })",
    added: "getPrompt('a/b', { variables: { tone } })",
  },
  { language: 'python', call: 'get_prompt("a/b", {})', added: 'get_prompt("a/b", {"tone": tone})' },
  {
    language: 'python',
    call: 'get_prompt("a/b", {"other": y, "message": x})',
    added: 'get_prompt("a/b", {"tone": tone, "other": y, "message": x})',
    removed: 'get_prompt("a/b", {"other": y})',
    renamed: 'get_prompt("a/b", {"other": y, "tone": x})',
  },
  {
    language: 'go',
    call: 'GetPrompt("a/b", map[string]string{"message": x})',
    added: 'GetPrompt("a/b", map[string]string{"tone": tone, "message": x})',
    removed: 'GetPrompt("a/b", map[string]string{})',
    renamed: 'GetPrompt("a/b", map[string]string{"tone": x})',
  },
  {
    language: 'java',
    call: 'getPrompt("a/b", Map.of("message", x))',
    added: 'getPrompt("a/b", Map.of("tone", tone, "message", x))',
    removed: 'getPrompt("a/b", Map.of())',
    renamed: 'getPrompt("a/b", Map.of("tone", x))',
  },
  { language: 'java', call: 'getPrompt("a/b", Map.of())', added: 'getPrompt("a/b", Map.of("tone", tone))' },
  {
    language: 'java',
    call: 'getPrompt("a/b", java.util.Map.ofEntries(java.util.Map.entry("message", String.valueOf(x))))',
    added:
      'getPrompt("a/b", java.util.Map.ofEntries(java.util.Map.entry("tone", tone), java.util.Map.entry("message", String.valueOf(x))))',
    removed: 'getPrompt("a/b", java.util.Map.ofEntries())',
    renamed: 'getPrompt("a/b", java.util.Map.ofEntries(java.util.Map.entry("tone", String.valueOf(x))))',
  },
  { language: 'rust', call: 'get_prompt("a/b", &[])', added: 'get_prompt("a/b", &[("tone", tone)])' },
  {
    language: 'csharp',
    call: 'GetPrompt("a/b", new Dictionary<string, string> { ["message"] = x })',
    added: 'GetPrompt("a/b", new Dictionary<string, string> { ["tone"] = tone, ["message"] = x })',
    removed: 'GetPrompt("a/b", new Dictionary<string, string> { })',
    renamed: 'GetPrompt("a/b", new Dictionary<string, string> { ["tone"] = x })',
  },
  {
    language: 'ruby',
    call: 'get_prompt("a/b", { "message" => x })',
    added: 'get_prompt("a/b", { "tone" => tone, "message" => x })',
    removed: 'get_prompt("a/b", { })',
    renamed: 'get_prompt("a/b", { "tone" => x })',
  },
  {
    language: 'php',
    call: "getPrompt('a/b', ['message' => $x]);",
    added: "getPrompt('a/b', ['tone' => $tone, 'message' => $x]);",
    removed: "getPrompt('a/b', []);",
    renamed: "getPrompt('a/b', ['tone' => $x]);",
  },
  {
    language: 'rust',
    call: 'get_prompt("a/b", &[("message", x)])',
    added: 'get_prompt("a/b", &[("tone", tone), ("message", x)])',
    removed: 'get_prompt("a/b", &[])',
    renamed: 'get_prompt("a/b", &[("tone", x)])',
  },
  {
    language: 'shellscript',
    call: "promptvault get a/b --var 'message=x y' --json",
    added: 'promptvault get a/b --var tone="$tone" --var \'message=x y\' --json',
    removed: 'promptvault get a/b --json',
    renamed: "promptvault get a/b --var 'tone=x y' --json",
  },
];

function apply(text: string, edit: TextEdit | undefined): string | undefined {
  return edit && text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

describe('the variables that a call passes', () => {
  for (const { language, call, added, removed, renamed } of rows) {
    it(`are changed as ${language} writes them: ${call}`, () => {
      const [reference] = findReferences(call, language);
      assert.ok(reference);
      const about = { languageId: language, reference };
      assert.equal(apply(call, addVariable(call, { ...about, name: 'tone' })), added);
      assert.equal(apply(call, removeVariable(call, { ...about, name: 'message' })), removed);
      assert.equal(apply(call, renameVariable(call, { ...about, name: 'message', to: 'tone' })), renamed);
    });
  }

  it('stay as they are where none are passed, or the name is not among them', () => {
    const call = "getPrompt('a/b')";
    const [reference] = findReferences(call, 'typescript');
    const about = { languageId: 'typescript', reference: reference!, name: 'tone' };
    assert.equal(removeVariable(call, about), undefined);
    assert.equal(renameVariable(call, { ...about, to: 'other' }), undefined);
  });
});
