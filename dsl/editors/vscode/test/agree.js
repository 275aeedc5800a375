// Holds the grammar against the parser: on every policy of the project the same words are keywords.
// `words.py` says what the parser takes as one; it needs the project and Pygments ($PYTHON, else `python3`).
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate");
const { OnigScanner, OnigString, loadWASM } = require("vscode-oniguruma");

const GRAMMAR = path.join(__dirname, "..", "syntaxes", "privacy.tmLanguage.json");
const KEYWORD =
  /^(keyword\.(control|other|declaration|operator\.(word|logical))|support\.type|constant\.language\.(severity|clause|privacy)|variable\.language)/;
// `data` and `purpose` are names to the parser where they are what is judged, and have a colour of their own here.
const judged = (word, scope) => ["data", "purpose"].includes(word) && scope.startsWith("variable.language");

async function grammar() {
  await loadWASM(fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
  const onigLib = Promise.resolve({
    createOnigScanner: (patterns) => new OnigScanner(patterns),
    createOnigString: (text) => new OnigString(text),
  });
  const loadGrammar = async () => parseRawGrammar(fs.readFileSync(GRAMMAR, "utf8"), GRAMMAR);
  return new Registry({ onigLib, loadGrammar }).loadGrammar("source.privacy");
}

function tokenized(found, text) {
  let state = INITIAL;
  return text.split("\n").map((line) => {
    const { tokens, ruleStack } = found.tokenizeLine(line, state);
    state = ruleStack;
    return tokens;
  });
}

async function main() {
  const told = execFileSync(process.env.PYTHON ?? "python3", [path.join(__dirname, "words.py")], { maxBuffer: 2 ** 27 });
  const found = await grammar();
  let words = 0;
  const wrong = [];
  for (const [file, expected] of Object.entries(JSON.parse(told))) {
    const lines = tokenized(found, fs.readFileSync(file, "utf8").replace(/\r\n?/g, "\n"));
    for (const [line, column, word, keyword] of expected) {
      const token = lines[line].find((each) => each.startIndex <= column && column < each.endIndex);
      const scope = token?.scopes.at(-1) ?? "";
      words += 1;
      if (KEYWORD.test(scope) !== keyword && !judged(word, scope)) {
        wrong.push(`${file}:${line + 1}:${column + 1}: \`${word}\` is ${keyword ? "a" : "no"} keyword, and shown as ${scope}`);
      }
    }
  }
  console.log([...wrong.slice(0, 50), `${words} words, ${wrong.length} shown as what they are not`].join("\n"));
  process.exitCode = wrong.length || !words ? 1 : 0;
}

main();
