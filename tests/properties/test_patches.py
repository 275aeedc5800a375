"""A patch makes manifests, however they are written, declare what the changes say, and leaves alone what they do not speak of."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import event, given, note
from hypothesis import strategies as st

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.edit.equivalence import differences as declared_otherwise
from privacy_rules.manifest.loader import Documents, estate, read
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.manifest_patch import Patch, patched
from privacy_rules.simulation.overlay import apply
from tests.builders import policy_of, write
from tests.properties.checking import TODAY, by_engine, differences
from tests.properties.strategies import Sample, many, samples
from tests.properties.test_change_sets import changes_between, shuffled

Data = dict[str, Any]
_SECTION_OF = {"party": "parties", "system": "systems", "contract": "contracts", "flow": "flows"}
_HEADS = re.compile(r"^(?:  ([A-Za-z0-9_]+):|- id: ([A-Za-z0-9_]+))( .*|)$", re.M)


def commented(text: str) -> str:
    """A comment on the first line of each entity, and one, apart, above each section."""
    named = _HEADS.sub(lambda found: f"{found[0]} # about {found[1] or found[2]}", text)
    return re.sub(r"^([a-z_]+:)", r"# section \1\n\n\1", named, flags=re.M)


def block(data: Data) -> str:
    return commented(yaml.safe_dump(data, sort_keys=False, width=10**6))


def block_of_flow(data: Data) -> str:
    return commented(yaml.safe_dump(data, sort_keys=False, width=10**6, default_flow_style=None))


def indented(data: Data) -> str:
    class Indented(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    return yaml.dump(data, Dumper=Indented, sort_keys=False, indent=4, width=10**6)


def flow(data: Data) -> str:
    return yaml.safe_dump(data, sort_keys=False, default_flow_style=True)


def sprinkled(data: Data) -> str:
    """With comments and blank lines all over, and blanks where YAML lets them be."""
    lines = []
    for number, line in enumerate(indented(data).splitlines()):
        indent = line[: len(line) - len(line.lstrip())]
        if number % 7 == 2:
            lines.append(f"{indent}# above")
        if number % 11 == 3:
            lines.append("")
        if number % 5 == 1:
            lines.append("# at the left")
        lines.append(re.sub(r"^( *)- (\w+)$", r"\1-   \2", line))
    return "--- # a document\n" + "\n".join(lines) + "\n...\n"


STYLES: dict[str, Callable[[Data], str]] = {
    "block.yaml": block,
    "mixed.yaml": block_of_flow,
    "indented.yaml": indented,
    "sprinkled.yaml": sprinkled,
    "flow.yaml": flow,
    "lines.json": lambda data: json.dumps(data, indent=2),
    "line.json": lambda data: json.dumps(data, separators=(",", ":")),
}


def applied(folder: Path, made: Patch) -> None:
    text = made.text(["a heading"])
    note(text)
    if made.files:
        done = subprocess.run(["git", "apply", "-"], cwd=folder, input=text.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def declared(file: Path, policy: Policy) -> tuple[Documents, Estate]:
    documents, wrong = read([file])
    assert documents is not None, wrong
    found, wrong = estate(documents, policy)
    assert found is not None, wrong
    return documents, found


@many
@given(sample=samples(), data=st.data(), style=st.sampled_from(sorted(STYLES)))
def test_a_patched_manifest_declares_and_is_judged_as_the_changed_estate(
    sample: Sample, data: st.DataObject, style: str
) -> None:
    policy = policy_of(sample.policy)
    before = copy.deepcopy(sample.manifest)
    wanted = shuffled(copy.deepcopy(before), data)
    changes = [*changes_between(before, wanted), *data.draw(removals(wanted))]
    read_changes, _ = changes_from_data(changes, policy)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name).resolve() / style
        text = STYLES[style](before)
        end = data.draw(st.sampled_from(("\n", "\r\n", "")))
        text = text.rstrip("\n").replace("\n", end or "\n") + end
        write(file, text.encode())
        documents, there = declared(file, policy)
        outcome = apply(there, policy, read_changes)[0] if read_changes is not None else None
        if outcome is None:
            return
        note(f"{text}\n{changes}")
        made, wrong = patched(documents, policy, there, outcome.estate)
        event(f"{style}: {wrong[0].message.split('`')[0] if wrong else 'patched'}")
        assert made is not None or "`defaults` of each" in wrong[0].message or "aliases refer" in wrong[0].message, (
            wrong
        )
        if made is None:
            return
        applied(file.parent, made)
        after = file.read_bytes().decode()
        _, found = declared(file, policy)
        assert list(declared_otherwise(found, outcome.estate)) == []
        assert differences(by_engine(policy, found, TODAY), by_engine(policy, outcome.estate, TODAY)) == []
        left = [record for kind in _SECTION_OF.values() for record in getattr(outcome.estate, kind).values()]
        assert all(f"# about {each.id}" in after for each in left if f"# about {each.id}" in text)
        assert set(re.findall("# section .*", text)) <= set(re.findall("# section .*", after))
        assert not end or after.count(end) == after.count("\n")


def removals(manifest: Data) -> st.SearchStrategy[list[Data]]:
    ids = [(kind, name) for kind in ("party", "system", "contract") for name in manifest.get(_SECTION_OF[kind], {})]
    return st.lists(st.sampled_from(ids), max_size=1).map(
        lambda found: [{"remove": {kind: name}} for kind, name in found]
    )
