"""`lint`: mistakes in a policy, with no manifest."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.findings.document import Errors
from tests.cli.calling import Call


def test_a_policy_without_mistakes_passes(shop: Path, call: Call) -> None:
    done = call("lint", "shop.privacy")
    assert (done.code, done.err) == (0, "")
    assert done.out == "no mistakes in 6 rules: no_selling, contracted, deletion, no_leak, not_combined, reachable\n"


def test_every_mistake_has_its_place(shop: Path, call: Call) -> None:
    text = "use std.core\nrule a { forbid flow when exchange is sail }\nrule b { forbid flow when notice is sale }\n"
    Path("bad.privacy").write_text(text)
    done = call("lint", "bad.privacy")
    assert (done.code, done.out) == (2, "")
    assert "bad.privacy:2:39: error[E1" in done.err
    assert "did you mean `sale`?" in done.err
    assert "bad.privacy:3:" in done.err


def test_mistakes_are_json_where_that_is_asked_for(shop: Path, call: Call) -> None:
    Path("bad.privacy").write_text("rule\n")
    done = call("lint", "bad.privacy", "--format", "json")
    assert done.code == 2
    assert Errors.model_validate_json(done.out).errors[0].locations[0].file == "bad.privacy"
    clean = call("lint", "shop.privacy", "--format", "json")
    assert (clean.code, Errors.model_validate_json(clean.out).errors) == (0, [])


def test_without_a_policy_the_configured_one_is_read(shop: Path, call: Call) -> None:
    assert call("lint").err.startswith("error[E301]")
    Path("privacy-rules.toml").write_text('policy = ["shop.privacy"]\n')
    assert call("lint").out.startswith("no mistakes in 6 rules")


def test_a_policy_that_is_not_there_is_a_mistake(shop: Path, call: Call) -> None:
    done = call("lint", "gone.privacy")
    assert done.code == 2
    assert "gone.privacy" in done.err
