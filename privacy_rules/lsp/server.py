"""The server: passes each request of an editor to the feature that answers it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from privacy_rules.language.formatter import formatted
from privacy_rules.lsp import (
    lint_fixes,
    manifest_completion,
    navigation,
    origin_fixes,
    outline,
    policy_completion,
    quick_fixes,
)
from privacy_rules.lsp.manifest_hover import hover as manifest_hover
from privacy_rules.lsp.policy_hover import hover as policy_hover
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.session import Server, log_to_standard_error, quiet
from privacy_rules.source.invisible_characters import visible_lines

_REFUSED = -32803  # RequestFailed, which editors show as a message
_WATCHED = ("**/*.{privacy,yaml,yml,json}", "**/{privacy-rules,pyproject}.toml")


def make() -> Server:
    """Return a server with all features."""
    server = Server()
    _documents(server)
    _of_places(server)
    _of_files(server)
    _navigation(server)
    return server


def serve() -> None:
    """Serve over standard input and output until the client leaves. Errors are logged to standard error."""
    log_to_standard_error()
    make().start_io()


# ---- documents


def _documents(server: Server) -> None:
    texts = server.space.texts

    @server.feature(lsp.INITIALIZED)
    async def initialized(_: lsp.InitializedParams) -> None:
        server.look_around()
        await _watch(server)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    @quiet
    def other_folders(_: lsp.DidChangeWorkspaceFoldersParams) -> None:
        server.look_around()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @quiet
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        texts.put(document.uri, document.language_id, document.text, document.version)
        server.refresh()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @quiet
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        if params.content_changes:
            document = params.text_document
            texts.put(document.uri, "", params.content_changes[-1].text, document.version)
            server.refresh()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    @quiet
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        texts.drop(params.text_document.uri)
        server.refresh()

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @quiet
    def saved(_: lsp.DidSaveTextDocumentParams) -> None:
        texts.touch()
        server.refresh()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @quiet
    def watched(_: lsp.DidChangeWatchedFilesParams) -> None:
        texts.touch()
        server.refresh()


async def _watch(server: Server) -> None:
    """Ask the client, if it can, to report changes of files that it does not have open."""
    workspace = server.client_capabilities.workspace
    known = workspace.did_change_watched_files if workspace else None
    if known and known.dynamic_registration:
        options = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(each) for each in _WATCHED])
        wanted = lsp.Registration("watched", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        await server.client_register_capability_async(lsp.RegistrationParams([wanted]))


# ---- answers about one place


def _of_places(server: Server) -> None:
    space = server.space

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", "(", "[", " ", ":"]))
    @quiet
    def completion(params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        path = server.path(params.text_document)
        lines, offset = server.place(path, params.position)
        if space.is_policy(path):
            return policy_completion.complete(space.recent_policy(path), lines, offset)
        if space.is_manifest(path):
            return manifest_completion.complete(space, path, lines, offset)
        return []

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    @quiet
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        target = server.target(params.text_document, params.position)
        if target is None:
            return None
        symbol, path = target.occurrence.symbol, target.path
        if space.is_manifest(path):
            text = manifest_hover(space.estate(path), symbol)
        else:
            text = policy_hover(space, path, symbol)
        place = space.texts.lines(path).range(target.occurrence.span)
        if not text:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, visible_lines(text)), place)


# ---- answers about a whole file


def _of_files(server: Server) -> None:
    space = server.space

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @quiet
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        path = server.path(params.text_document)
        lines = space.texts.lines(path)
        if space.is_policy(path):
            file = space.policy(path).survey.files.get(path)
            return outline.of_policy(file, lines) if file else []
        manifest = space.estate(path).files.get(path) if space.is_manifest(path) else None
        return outline.of_manifest(manifest, lines) if manifest else []

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    @quiet
    def folding(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        path = server.path(params.text_document)
        return outline.foldings(space.texts.lines(path)) if space.is_policy(path) else None

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    @quiet
    def formatting(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        path = server.path(params.text_document)
        text = space.texts.text(path) if space.is_policy(path) else None
        after = formatted(text, path.name)[0] if text is not None else None
        return None if after in (None, text) else [lsp.TextEdit(Lines(text or "").whole, after or "")]

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    async def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        only = params.context.only
        if only is not None and lsp.CodeActionKind.QuickFix not in only:
            return []
        return await asyncio.get_running_loop().run_in_executor(None, _fixes, server, params)


@quiet
def _fixes(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Return the fixes of errors, findings and lints, off the main thread, since some need a proof; none if the text changed meanwhile."""
    space, uri = server.space, params.text_document.uri
    number, path = space.texts.number(uri), server.path(params.text_document)
    with space.scheduler.first():
        found = [
            each
            for look in (quick_fixes.of_mistakes, origin_fixes.of_findings, lint_fixes.of_lints)
            for each in look(space, path, params.context.diagnostics)
        ]
    made = []
    for each in found:
        with suppress(navigation.RefusedError):
            made.append(
                lsp.CodeAction(
                    each.title,
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=[each.fixed],
                    is_preferred=each.preferred,
                    edit=server.edit(path, {uri: each.edits}, {uri: number}),
                )
            )
    return made if space.texts.number(uri) == number else []


# ---- from name to name


def _navigation(server: Server) -> None:
    space = server.space

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    @quiet
    def definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        target = server.target(params.text_document, params.position)
        return navigation.definition(space, target) if target else []

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    @quiet
    def references(params: lsp.ReferenceParams) -> list[lsp.Location]:
        target = server.target(params.text_document, params.position)
        wanted = params.context.include_declaration
        return navigation.references(space, target, declarations=wanted) if target else []

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    @quiet
    def highlight(params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight]:
        target = server.target(params.text_document, params.position)
        if target is None:
            return []
        lines = space.texts.lines(target.path)
        return [lsp.DocumentHighlight(lines.range(each.span)) for each in navigation.highlights(space, target)]

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    @quiet
    def prepare(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        target = server.target(params.text_document, params.position)
        try:
            places = navigation.renamable(space, target) if target else []
        except navigation.RefusedError:
            return None
        if target is None or not places:
            return None
        place = space.texts.lines(target.path).range(target.occurrence.span)
        return lsp.PrepareRenamePlaceholder(place, target.occurrence.symbol.name)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    @quiet
    def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        target = server.target(params.text_document, params.position)
        if target is None:
            return None
        try:
            edits = navigation.renamed(space, target, params.new_name)
            return server.edit(target.path, edits, {uri: space.texts.number(uri) for uri in edits})
        except navigation.RefusedError as error:
            raise JsonRpcException(str(error), _REFUSED) from error
