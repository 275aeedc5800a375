"""`schema`: what it prints, and for which policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.builders import write
from tests.cli.calling import Call, Outcome, on_record


def printed(done: Outcome) -> dict[str, Any]:
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    Draft202012Validator.check_schema(found)
    return found


def fits(schema: dict[str, Any], text: str) -> bool:
    return Draft202012Validator(schema).is_valid(json.loads(text))


def test_the_schema_of_the_shops_manifests_is_on_record(shop: Path, call: Call) -> None:
    done = call("schema", "manifest", "--policy", "shop.privacy")
    printed(done)
    on_record("schema-manifest.json", done.out)


def test_the_configured_policy_is_read_and_the_call_wins(shop: Path, call: Call) -> None:
    open_ = printed(call("schema", "manifest"))
    assert open_["$defs"]["terms.data"] == {"type": "string", "title": "category"}
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\n')
    closed = printed(call("schema", "manifest"))
    assert closed["$defs"]["terms.data"]["enum"] == ["card", "contact", "email", "name"]
    write("other.privacy", "data { secret }\nrule r { forbid flow of secret }\n")
    other = printed(call("schema", "manifest", "--policy", "other.privacy"))
    assert other["$defs"]["terms.data"]["enum"] == ["secret"]


def test_the_findings_and_the_errors_of_a_check_fit_their_schema(shop: Path, call: Call) -> None:
    schema = printed(call("schema", "findings"))
    assert fits(schema, call("check", "estate.yaml", "--format", "json").out)
    assert fits(schema, call("check", "gone.yaml", "--format", "json").out)
    assert not fits(schema, "{}")


def test_the_configuration_fits_its_schema(call: Call) -> None:
    schema = printed(call("schema", "config"))
    assert fits(schema, '{"policy": ["a.privacy"], "fail-on": "never"}')
    assert not fits(schema, '{"policies": ["a.privacy"]}')


def test_the_schema_of_tests_knows_the_policy(shop: Path, call: Call) -> None:
    schema = printed(call("schema", "tests", "--policy", "shop.privacy"))
    changes = [{"set": {"flow": "leads", "carries": ["email"]}}]
    expected = [{"rule": "no_selling", "subject": "leads", "verdict": "violation"}]
    case = {"name": "a", "changes": changes, "expect": expected}
    right = json.dumps({"tests": 1, "manifest": "estate.yaml", "cases": [case]})
    assert fits(schema, right)
    for old, new in (("email", "mail"), ("no_selling", "no_sale"), ("violation", "bad"), ('"flow"', '"flaw"')):
        assert not fits(schema, right.replace(old, new)), new
    assert fits(printed(call("schema", "tests")), right.replace("email", "mail").replace("no_selling", "no_sale"))


def test_a_broken_policy_is_reported_and_nothing_is_printed(shop: Path, call: Call) -> None:
    write("bad.privacy", "use std.core\nrule a { forbid flow when exchange is sail }\n")
    done = call("schema", "manifest", "--policy", "bad.privacy")
    assert (done.code, done.out) == (2, "")
    assert "bad.privacy:2:39: error[E1" in done.err
    gone = call("schema", "manifest", "--policy", "gone.privacy")
    assert (gone.code, gone.out) == (2, "")
    assert "gone.privacy" in gone.err


def test_a_broken_configuration_is_reported(shop: Path, call: Call) -> None:
    write("privacy-rules.toml", "policy = 3\n")
    done = call("schema", "manifest")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("privacy-rules.toml:1:1: error[E3")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["manifst"], "`manifst` is not one of `manifest`, `map`, `tests`, `config`, `findings`"),
        ([], "missing argument `manifest|map|tests|config|findings`"),
        (
            ["config", "--policy", "shop.privacy"],
            "`--policy` applies only to `schema manifest`, `schema map` and `schema tests`",
        ),
    ],
)
def test_a_wrong_call_is_reported(shop: Path, call: Call, words: list[str], told: str) -> None:
    done = call("schema", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[E306]: ")
    assert told in done.err
