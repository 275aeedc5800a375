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
    vscode.window.showErrorMessage(
      `\`${command}\` does not start (${error.message}): install it with \`pip install 'privacy-rules[lsp]'\`, ` +
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

exports.activate = async (/** @type {vscode.ExtensionContext} */ context) => {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("privacyRules.command")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
};

exports.deactivate = stop;
