"""Lints in an editor, over a real session: told after a pause, carried along, mended, allowed, switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from privacy_rules.lint.framework.runner import Finding
from privacy_rules.lsp.scheduling import Scheduler, StaleError
from privacy_rules.lsp.workspace import Workspace
from tests.builders import write
from tests.lsp.session import Editor, applied, slice_of
from tests.lsp.test_editors import session

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLEAN = """policy shop { title "Shop" }
use std.core
data { contact { name email } card }
rule no_selling {
  title "Not sold"
  cites "Selling"
  forbid disclosure of contact when exchange is (sale, rental)
  hint "Do not sell"
}
rule no_cards {
  title "Cards stay"
  cites "Cards"
  forbid flow of card to outside
  hint "Keep them"
}
"""
UNUSED = "define bound as under contract (covers data)\n"
LINTED = CLEAN.replace("rule no_cards", UNUSED + "rule no_cards")
REPEATED = CLEAN.replace("(sale, rental)", "(sale, rental, sale)")
CARDS = CLEAN[CLEAN.index("rule no_cards") :]
SLOW = CLEAN.replace("data {", "attribute assurance on party: number\ndata {") + "".join(
    CARDS.replace("no_cards", f"from_{number}").replace("outside", f"outside when recipient.assurance > {number}")
    for number in range(150)
)  # takes seconds: each is held against all others


def lints(found: Sequence[lsp.Diagnostic]) -> list[lsp.Diagnostic]:
    return [each for each in found if str(each.code).startswith("L")]


async def all_linted(editor: Editor) -> None:
    """Wait until the lints of everything that is open are published, by a change that gives another policy another lint."""
    code, text = ("L102", LINTED) if editor.texts.get("apart/other.privacy") != LINTED else ("L120", REPEATED)
    place = editor.type("apart/other.privacy", text)
    await editor.told("apart/other.privacy", lambda found: [each.code for each in found] == [code])
    params = lsp.HoverParams(place.text_document, place.position)
    await editor.client.text_document_hover_async(params)  # its answer comes after what has been published


async def actions(editor: Editor, name: str, found: lsp.Diagnostic) -> dict[str, lsp.CodeAction]:
    document = lsp.TextDocumentIdentifier(editor.uri(name))
    params = lsp.CodeActionParams(document, found.range, lsp.CodeActionContext(diagnostics=[found]))
    made = await editor.client.text_document_code_action_async(params) or []
    return {each.title: each for each in made if isinstance(each, lsp.CodeAction)}


def edited(editor: Editor, name: str, action: lsp.CodeAction) -> str:
    assert action.edit
    assert action.edit.changes
    return applied(editor.texts[name], action.edit.changes[editor.uri(name)])


async def mended(editor: Editor, name: str, action: lsp.CodeAction) -> str:
    """The text with the fix made, once nothing is told of it any more."""
    after = edited(editor, name, action)
    editor.type(name, after)
    await editor.told(name, lambda each: not each)
    await all_linted(editor)
    assert await editor.told(name) == []
    return after


# ---- telling


async def test_a_lint_is_reported_after_a_pause_with_its_page(editor: Editor) -> None:
    editor.type("shop.privacy", LINTED)
    (found,) = await editor.told("shop.privacy", len)
    assert (found.code, found.severity) == ("L102", lsp.DiagnosticSeverity.Warning)
    assert found.message == "no rule uses the define `bound`\nhelp: remove it, or use it"
    assert slice_of(LINTED, found.range) == "bound"
    assert found.tags == (lsp.DiagnosticTag.Unnecessary,)
    assert found.code_description
    assert found.code_description.href.endswith("/lints/unused-define.md")


async def test_a_lint_goes_when_it_is_fixed(editor: Editor) -> None:
    editor.type("shop.privacy", LINTED)
    await editor.told("shop.privacy", len)
    editor.type("shop.privacy", LINTED.replace("to outside", "to outside unless bound"))
    await editor.told("shop.privacy", lambda each: not each)


async def test_a_lint_leads_to_what_it_is_about(editor: Editor) -> None:
    editor.type("shop.privacy", REPEATED)
    (found,) = await editor.told("shop.privacy", len)
    (other,) = found.related_information or []
    assert slice_of(REPEATED, other.location.range) == "sale"
    assert other.location.range.start.character < found.range.start.character


async def test_a_note_is_information_and_what_can_stay_is_not_faded(editor: Editor) -> None:
    editor.type("shop.privacy", CLEAN.replace('  hint "Keep them"\n', ""))
    (found,) = await editor.told("shop.privacy", len)
    assert (found.code, found.severity, found.tags) == ("L134", lsp.DiagnosticSeverity.Information, None)


async def test_errors_and_lints_of_other_files_are_reported_together(editor: Editor) -> None:
    editor.type("other.privacy", LINTED)
    editor.type("shop.privacy", CLEAN.replace("of contact", "of contcat"))
    (mistake,) = await editor.told("shop.privacy", len)
    assert mistake.code == "E105"
    assert [each.code for each in await editor.told("other.privacy", lints)] == ["L102"]


async def test_rules_that_all_say_the_same_are_reported_once_each(editor: Editor) -> None:
    text = CLEAN + "".join(CARDS.replace("no_cards", f"more_{each}").replace("Cards stay", each) for each in "abcd")
    editor.type("shop.privacy", text)
    found = await editor.told("shop.privacy", len)
    assert [(each.code, slice_of(text, each.range)) for each in found] == [("L126", f"more_{each}") for each in "abcd"]
    assert "`more_d` means the same as `no_cards`" in found[-1].message
    assert len(found[-1].related_information or []) == 1


async def test_several_errors_at_one_place_are_reported_together(editor: Editor) -> None:
    editor.type("shop.privacy", f"{CLEAN}# allow no-clause, missing-title, missing-hint\n")
    (found,) = await editor.told("shop.privacy", len)
    assert found.code == "L140"
    assert "and 2 more like this" in found.message


# ---- while something is typed


async def test_lints_are_carried_along_until_they_are_looked_for_again(editor: Editor) -> None:
    editor.type("shop.privacy", LINTED)
    await editor.told("shop.privacy", len)
    typed = LINTED.replace("data { contact", "\n\n# words\ndata { 1 contact")  # a mistake: they are not looked for
    editor.type("shop.privacy", typed)
    found = await editor.told("shop.privacy", lambda each: {one.code for one in each} > {"L102"})
    assert [slice_of(typed, each.range) for each in lints(found)] == ["bound"]


async def test_in_a_policy_with_an_error_lints_stay_as_they_were_found(editor: Editor) -> None:
    editor.type("shop.privacy", LINTED)
    await editor.told("shop.privacy", len)
    broken = LINTED + "rule x { forbid flw }\n"
    editor.type("shop.privacy", broken)
    await editor.told("shop.privacy", lambda each: len(each) == 2)
    broken = "\n" + broken
    editor.type("shop.privacy", broken)
    await editor.told("shop.privacy", lambda each: len(each) == 2)
    await all_linted(editor)
    found = await editor.told("shop.privacy")
    assert sorted((each.code, slice_of(broken, each.range)) for each in found) == [("E101", "flw"), ("L102", "bound")]
    assert not await actions(editor, "shop.privacy", lints(found)[0])


async def test_a_run_on_a_text_that_is_typed_on_is_dropped(editor: Editor) -> None:
    editor.type("shop.privacy", SLOW)
    assert await editor.told("shop.privacy") == []
    await asyncio.sleep(1)  # by now a run is under way
    editor.type("shop.privacy", LINTED)
    seen: set[object] = set()

    def is_told(found: Sequence[lsp.Diagnostic]) -> bool:
        seen.update(each.code for each in found)
        return bool(found)

    await editor.told("shop.privacy", is_told)
    await all_linted(editor)
    await editor.told("shop.privacy", is_told)
    assert seen == {"L102"}


async def test_a_run_ends_where_the_text_is_typed_on_and_keeps_nothing(tmp_path: Path) -> None:
    space, path = Workspace(), tmp_path.resolve() / "shop.privacy"
    space.texts.put(path.as_uri(), "privacy", LINTED)
    view, looked = space.policy(path), []

    def tell(found: Iterable[Finding]) -> list[lsp.Diagnostic]:
        looked.extend(found)
        space.texts.put(path.as_uri(), "privacy", CLEAN)
        return []

    with pytest.raises(StaleError):
        space.linting.of(view, space.settings(path), tell)
    assert [each.lint.name for each in looked] == ["unused-define"]
    assert space.linting.at(view, path) == ()


async def test_a_policy_that_did_not_change_is_not_looked_at_again(tmp_path: Path) -> None:
    space, path = Workspace(), tmp_path.resolve() / "shop.privacy"
    space.texts.put(path.as_uri(), "privacy", LINTED)
    looked: list[int] = []

    def tell(found: Iterable[Finding]) -> list[lsp.Diagnostic]:
        looked.append(len(list(found)))
        return []

    def look() -> list[int]:
        space.linting.of(space.policy(path), space.settings(path), tell)
        return looked

    assert look() == [1]
    space.texts.touch()  # something was saved
    space.texts.put((tmp_path / "privacy.yaml").as_uri(), "yaml", "manifest: 1\n")
    assert look() == [1]
    space.texts.put(path.as_uri(), "privacy", CLEAN)
    assert look() == [1, 0]
    write(tmp_path / "shop.tests.yaml", "tests: 1\ncases: []\n")
    assert look() == [1, 0, 2]


async def test_what_can_wait_goes_on_once_the_answer_is_given() -> None:
    scheduler, order = Scheduler(), list[str]()
    turn = scheduler.after_others(lambda: False)

    def work() -> None:
        turn()
        order.append("work")

    with scheduler.first():
        waiting = asyncio.get_running_loop().run_in_executor(None, work)
        await asyncio.sleep(0.1)
        order.append("answer")
    await waiting
    assert order == ["answer", "work"]


async def test_an_answer_and_an_error_do_not_wait_for_lints(editor: Editor) -> None:
    editor.type("shop.privacy", SLOW)
    assert await editor.told("shop.privacy") == []
    await asyncio.sleep(1)  # by now a run is under way
    document = lsp.TextDocumentIdentifier(editor.uri("shop.privacy"))
    line = SLOW[: SLOW.index("of card")].count("\n")
    asked = lsp.HoverParams(document, lsp.Position(line, len("  forbid flow of c")))
    assert await editor.client.text_document_hover_async(asked)
    assert not editor.client.diagnostics[editor.uri("shop.privacy")]
    editor.type("shop.privacy", SLOW.replace("of card", "of crd", 1))
    (found,) = await editor.told("shop.privacy", len)
    assert found.code == "E105"


# ---- fixes


async def test_an_unused_define_is_removed(editor: Editor) -> None:
    editor.type("shop.privacy", LINTED)
    (found,) = await editor.told("shop.privacy", len)
    made = await actions(editor, "shop.privacy", found)
    assert list(made) == ["Remove it (unused-define)", "Allow unused-define here: `# allow unused-define: reason`"]
    assert [each.is_preferred for each in made.values()] == [True, False]
    assert await mended(editor, "shop.privacy", made["Remove it (unused-define)"]) == CLEAN


async def test_a_term_that_appears_twice_is_left_out_between_windows_line_ends(editor: Editor) -> None:
    text = "\ufeff" + REPEATED.replace("\n", "\r\n")
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    made = await actions(editor, "shop.privacy", found)
    after = await mended(editor, "shop.privacy", made["Remove it (duplicate-term)"])
    assert after == "\ufeff" + CLEAN.replace("\n", "\r\n")


async def test_a_lint_without_a_safe_edit_can_only_be_allowed(editor: Editor) -> None:
    text = CLEAN.replace('  hint "Keep them"\n', "")
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    ((title, action),) = (await actions(editor, "shop.privacy", found)).items()
    assert title == "Allow missing-hint here: `# allow missing-hint: reason`"
    after = await mended(editor, "shop.privacy", action)
    assert after == text.replace("rule no_cards", "# allow missing-hint: reason\nrule no_cards")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
async def test_a_comment_that_allows_stands_as_its_line_does(editor: Editor, end: str) -> None:
    text = REPEATED.replace("\n", end)
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    made = await actions(editor, "shop.privacy", found)
    after = await mended(editor, "shop.privacy", made["Allow duplicate-term here: `# allow duplicate-term: reason`"])
    assert after == text.replace("  forbid disclosure", f"  # allow duplicate-term: reason{end}  forbid disclosure")


async def test_a_comment_is_not_allowed_by_a_comment(editor: Editor) -> None:
    text = CLEAN.replace("rule no_cards", "# allow unused-term: nobody knows\nrule no_cards")
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    assert found.code == "L139"
    assert await actions(editor, "shop.privacy", found) == {}


async def test_a_misspelt_lint_is_not_fixed_by_what_it_would_be_alone(editor: Editor) -> None:
    text = CLEAN.replace("rule no_cards", "# allow missing-hnt: nobody knows\nrule no_cards")
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    assert (found.code, "did you mean `missing-hint`?" in found.message) == ("L138", True)
    assert await actions(editor, "shop.privacy", found) == {}


async def test_a_fix_of_an_older_text_is_not_offered(editor: Editor) -> None:
    editor.type("shop.privacy", LINTED)
    (found,) = await editor.told("shop.privacy", len)
    editor.type(
        "shop.privacy", LINTED.replace("to outside", "to outside unless bound", 1)
    )  # not looked at yet: all is where it was
    assert await actions(editor, "shop.privacy", found) == {}


async def test_a_client_that_knows_versions_is_told_which_one_is_fixed(tmp_path: Path) -> None:
    knows = lsp.WorkspaceClientCapabilities(workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True))
    async with session(tmp_path.resolve(), lsp.ClientCapabilities(workspace=knows)) as here:
        here.editor.type("shop.privacy", CLEAN)
        here.editor.type("shop.privacy", LINTED)
        (found,) = await here.editor.told("shop.privacy", len)
        made = await actions(here.editor, "shop.privacy", found)
        edit = made["Remove it (unused-define)"].edit
        assert edit
        assert edit.changes is None
        (change,) = edit.document_changes or []
        assert isinstance(change, lsp.TextDocumentEdit)
        assert change.text_document.version == 3
        assert applied(LINTED, [each for each in change.edits if isinstance(each, lsp.TextEdit)]) == CLEAN


# ---- configuration


async def test_a_lint_that_is_off_is_not_reported_and_one_that_is_an_error_is_one(editor: Editor) -> None:
    editor.write("privacy-rules.toml", 'lint = {unused-define = "off", duplicate-term = "error"}\n')
    editor.type("shop.privacy", LINTED.replace("(sale, rental)", "(sale, rental, sale)"))
    (found,) = await editor.told("shop.privacy", len)
    assert (found.code, found.severity) == ("L120", lsp.DiagnosticSeverity.Error)


async def test_a_configuration_that_changes_counts_at_once(editor: Editor) -> None:
    editor.write("privacy-rules.toml", "")
    editor.type("shop.privacy", LINTED)
    await editor.told("shop.privacy", len)
    editor.write("privacy-rules.toml", 'lint = {unused-define = "off"}\n')
    event = lsp.FileEvent(editor.uri("privacy-rules.toml"), lsp.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
    await editor.told("shop.privacy", lambda each: not each)


async def test_a_policy_that_only_a_manifest_names_is_not_looked_at(editor: Editor) -> None:
    editor.write("shop.privacy", LINTED)
    editor.type("privacy.yaml", "manifest: 1\npolicy: [shop.privacy]\nparties: {us: {role: us}}\n")
    editor.type("other.privacy", LINTED)
    await editor.told("other.privacy", len)
    assert not lints(editor.client.diagnostics.get(editor.uri("shop.privacy"), []))


async def test_tests_that_are_written_beside_a_policy_count_once_they_are_saved(editor: Editor) -> None:
    editor.write(
        "shop.tests.yaml",
        "tests: 1\ncases:\n  - {name: a, expect: [{rule: no_cards, subject: a, verdict: violation}]}\n",
    )
    editor.type("shop.privacy", CLEAN)
    (found,) = await editor.told("shop.privacy", len)
    assert (found.code, slice_of(CLEAN, found.range)) == ("L141", "no_selling")
    cases = "".join(
        f"  - {{name: {rule}, expect: [{{rule: {rule}, subject: a, verdict: violation}}]}}\n"
        for rule in ("no_cards", "no_selling")
    )
    editor.write("shop.tests.yaml", f"tests: 1\ncases:\n{cases}")
    event = lsp.FileEvent(editor.uri("shop.tests.yaml"), lsp.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
    await editor.told("shop.privacy", lambda each: not each)


async def test_lints_read_prose_as_it_is_open_in_the_editor(editor: Editor) -> None:
    text = CLEAN.replace('title "Shop"', 'title "Shop" text "policy.md"')
    editor.write("policy.md", "# Shop\n\n## Selling\n\nWe sell nothing.\n\n## Cards\n\nThey stay.\n")
    editor.type("policy.md", "# Shop\n\n## Selling\n\nWe sell nothing.\n", "markdown")
    editor.type("shop.privacy", text)
    (found,) = await editor.told("shop.privacy", len)
    assert "the prose has no clause `Cards`" in found.message
    editor.type("policy.md", "# Shop\n\n## Selling\n\nWe sell nothing.\n\n## Cards\n\nThey stay.\n", "markdown")
    assert await editor.told("shop.privacy", lambda each: not each) == []
