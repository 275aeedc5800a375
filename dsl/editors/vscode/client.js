// Starts the language server and hands it policies and manifests. All that it shows comes from the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

/** Starts the server that the settings name; says how to get one where it does not start. */
async function start() {
  const [command, ...args] = vscode.workspace.getConfiguration("privacyRules").get("command");
  client = new LanguageClient(
    "privacyRules",
    "Privacy rules",
    { command, args },
    // No files of other schemes: those of a comparison are what a file was, not what it is. What to watch, the server says.
    {
      documentSelector: [
        ...["file", "untitled"].map((scheme) => ({ scheme, language: "privacy" })),
        ...["yaml", "json"].map((language) => ({ scheme: "file", language })),
      ],
    },
  );
  try {
    await client.start();
  } catch (error) {
    const why = error instanceof Error ? ` (${error.message})` : ""; // where there is no such command it is a string that says no more
    vscode.window.showErrorMessage(
      `\`${command}\` does not start${why}: install it with \`pip install 'privacy-rules[lsp]'\`, ` +
        "or name another in the setting `privacyRules.command`.",
    );
  }
}

/** Stops the server; one that did not start is none. */
async function stop() {
  if (client?.isRunning()) {
    await client.stop();
  }
}

let turn = Promise.resolve();

/**
 * One after the other: settings may change again while a server is starting, which could then not be stopped.
 * One that does not stop in time keeps no other from being started.
 * @param {(() => Promise<void>)[]} steps
 */
function next(...steps) {
  for (const step of steps) {
    turn = turn.then(step, step);
  }
  return turn;
}

exports.activate = (/** @type {vscode.ExtensionContext} */ context) => {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("privacyRules.command")) {
        next(stop, start);
      }
    }),
  );
  return next(start);
};

exports.deactivate = () => next(stop);
