/** What speaks for or against a literal being a prompt. */
export type Signal = {
  name: string;
  weight: number;
  /** Of what it reads: the literal's text with `{{variables}}`, or the code before or after it. */
  in: 'text' | 'before' | 'after';
  pattern: RegExp;
  /** Counts once for each hit up to so many; once unless told. */
  most?: number;
};

const instruction =
  "answer|write|summari[sz]e|classify|extract|translate|return|respond|reply|list|explain|analy[sz]e|generate|output|provide|rewrite|identify|describe|compare|evaluate|rate|score|judge|decide|convert|create|draft|suggest|give|keep|be|include|avoid|cite|quote|do not|don't|never|always|only|ensure|make sure|focus on|follow|think|consider|read|given|based on|you (?:must|should|will|can|may)|your (?:task|job|goal|role|answer|response|output|reply)|if the";
const sentenceStart = '(?:^|[.!?:;][ \\n]+|\\n[ \\t]*(?:[-*•]|\\d+[.)])?[ \\t]*)';

/** The score table; a literal that gets 1 is told. Weights were set on the texts of the tests and on real programs. */
export const signals: readonly Signal[] = [
  {
    name: 'role in the code',
    weight: 1,
    in: 'before',
    pattern:
      /["']?role["']?\s*(?:=>|[:=])\s*["'](?:system|developer)["']\s*,\s*["']?(?:content|text)["']?\s*(?:=>|[:=])\s*[([]?\s*$/i,
  },
  {
    name: 'role in the code',
    weight: 0.4,
    in: 'before',
    pattern:
      /["']?role["']?\s*(?:=>|[:=])\s*["'](?:user|assistant)["']\s*,\s*["']?(?:content|text)["']?\s*(?:=>|[:=])\s*[([]?\s*$/i,
  },
  {
    name: 'role in the code',
    weight: 1,
    in: 'after',
    pattern: /^\s*[)\]]?\s*,\s*["']?role["']?\s*(?:=>|[:=])\s*["'](?:system|developer)["']/i,
  },
  {
    name: 'message class',
    weight: 1,
    in: 'before',
    pattern: /(?:System|Developer)(?:Chat)?(?:Message|Prompt)(?:Template)?(?:\.\w+)?\s*\(\s*(?:content\s*[=:]\s*)?$/,
  },
  {
    name: 'message class',
    weight: 0.5,
    in: 'before',
    pattern:
      /(?:(?:Chat)?Prompt(?:Template)?|HumanMessage|UserMessage|ChatMessage)(?:\.\w+)?\s*\(\s*(?:\w+\s*[=:]\s*)?$/,
  },
  {
    name: 'given to a model',
    weight: 0.3,
    in: 'before',
    pattern:
      /(?:llm|model|chat|completions?|openai|anthropic|gpt|claude|gemini|agent|generate(?:_?text)?|invoke)(?:\.\w+)*\s*\(\s*(?:\{\s*)?(?:\w+\s*[=:]\s*)?$/i,
  },
  {
    name: 'named a prompt',
    weight: 0.6,
    in: 'before',
    pattern:
      /(?:(?:prompt|instruction|persona|system_?message|guideline)s?(?:_?(?:text|template|tmpl|str|base|content|body|v?\d+))?|\bsystem)["'`]?\]?(?:\s*:\s*[\w<>[\]. |]+)?\s*(?:=>|:=|\+=|[:=])\s*(?:\w+\.)?(?:dedent|trim\w*|outdent|strip\w*|format!)?\s*[([{]?\s*$/i,
  },
  {
    // Also what a window asks a person is called a prompt.
    name: 'named a prompt',
    weight: -0.25,
    in: 'before',
    pattern: /(?:^|[\s{,(])prompt\s*:\s*$/,
  },
  {
    name: 'speaks to a model',
    weight: 0.7,
    in: 'text',
    pattern:
      /(?:^|[.!?\n]\s*|["'])(?:you are|you're|you act as|act as|imagine (?:that )?you are|pretend to be|you will (?:be|act|receive|get)) (?:an? |the |my |our |now an? |acting as )?[a-z]|(?:^|\n)\s*as an? (?:expert|ai|assistant|senior|professional|experienced)\b/i,
  },
  {
    name: 'says what the task is',
    weight: 0.5,
    in: 'text',
    pattern:
      /\byour (?:task|job|role|goal|objective|mission) (?:is|will be)\b|\byou (?:will be given|are given|have access to)\b/i,
  },
  {
    name: 'words of prompting',
    weight: 0.3,
    in: 'text',
    most: 2,
    pattern:
      /\b(?:helpful|expert|professional|experienced|senior) (?:\w+ ){0,2}(?:assistant|agent|analyst|engineer|writer|editor|translator|reviewer|advisor|tutor|lawyer)\b|\bassistant\b|\blanguage model\b|\bLLM\b|\bstep[- ]by[- ]step\b|\b(?:valid|strict|only) JSON\b|\bJSON (?:object|format|array|schema)\b|\b(?:respond|reply|answer) (?:only |strictly |always )*(?:with|in|using|as)\b|\bfollowing (?:text|e-?mail|message|article|question|document|conversation|transcript|review|code|schema|format|context|rules|criteria|categories|input)\b|\bthe user(?:'s)?\b|\bchain of thought\b|\bfew-shot\b|\b(?:delimited|surrounded|enclosed) by\b|\b(?:context|conversation|transcript) (?:below|above|provided)\b|\bmake (?:things|facts|anything) up\b|\bhallucinat/gi,
  },
  {
    name: 'instructions',
    weight: 0.2,
    in: 'text',
    most: 3,
    pattern: new RegExp(`${sentenceStart}(?:please )?(?:${instruction})\\b`, 'gi'),
  },
  {
    name: 'placeholders in prose',
    weight: 0.25,
    in: 'text',
    pattern: /\{\{\s*\w+\s*\}\}|(?<![\w{$])\{[a-z_]\w{1,30}\}(?!\})/i,
  },
  {
    name: 'sections of a prompt',
    weight: 0.3,
    in: 'text',
    most: 2,
    pattern:
      /^\s*(?:#{1,3} |\*\*)?(?:instructions?|context|rules|output(?: format)?|input|examples?|question|answer|constraints|steps|role|task|response|text|categories|criteria)(?:\*\*)?:?(?:\*\*)?[ \t]*$|^(?:input|output|question|answer|q|a|user|assistant|human|ai|context|text|message|e-?mail|document|article|transcript|response):\s/gim,
  },
  { name: 'several sentences', weight: 0.15, in: 'text', most: 2, pattern: /[a-z]{2,}[^.!?\n]{10,300}[.!?](?=\s|$)/gi },

  {
    name: 'licence',
    weight: -3,
    in: 'text',
    pattern:
      /\bcopyright\b|\blicen[cs]ed under\b|\bpermission is hereby granted\b|\bwithout warranty\b|\ball rights reserved\b|\bSPDX-/i,
  },
  {
    name: 'SQL',
    weight: -3,
    in: 'text',
    pattern:
      /^\s*(?:--.*\n\s*)*(?:WITH|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|BEGIN|MERGE)\b[\s\S]{0,2000}\b(?:FROM|INTO|SET|TABLE|INDEX|TRIGGER|VALUES|WHERE|AS|VIEW)\b/,
  },
  {
    name: 'markup',
    weight: -2,
    in: 'text',
    pattern:
      /<!doctype|<\/?(?:html|head|body|div|span|p|a|ul|ol|li|table|tr|td|th|thead|tbody|h[1-6]|svg|path|script|style|button|form|label|section|img|br|b|i|code|pre)\b[^<>]{0,300}>/i,
  },
  {
    name: 'source code',
    weight: -1.2,
    in: 'text',
    pattern:
      /^\s*(?:import |export |const |let |var |def |class |func |fn |public |private |package |use |#include|return |if \(|for \(|@\w+\()/m,
  },
  { name: 'code letters', weight: -1, in: 'text', pattern: /(?:[;{}()=<>|&$\\][^A-Za-z\n]{0,3}){6}/ },
  {
    name: 'command line help',
    weight: -1.2,
    in: 'text',
    pattern: /\busage:|(?:^|\s)--[a-z][\w-]+|^\s*\$ \w/im,
  },
  {
    name: 'told to a person',
    weight: -0.8,
    in: 'before',
    pattern:
      /(?:\b(?:console\.\w+|log(?:ger)?(?:\.\w+)?|print(?:ln|f)?|warn(?:ing)?|fatal|panic|debug|info|say|echo|alert|confirm|throw|raise|toast|notify|show\w*(?:Message|Warning|Error)|Errorf?|\w*Error|\w*Exception|expect|assert\w*(?:\.\w+)?|describe|it|test|fail)!?\s*\(|\b(?:echo|raise|print|puts))\s*(?:["'\w]+\s*,\s*)*$|\b(?:help|usage|description|tooltip|placeholder|hint|error|errorMessage|err|label|title|detail|about|summary|caption|alt|msg)["']?\s*[:=]>?\s*$/i,
  },
  { name: 'docstring', weight: -3, in: 'before', pattern: /(?:^|:|\))\s*(?:r|u)?\s*$/ },
];
