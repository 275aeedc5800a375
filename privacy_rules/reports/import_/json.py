"""An import as JSON."""

from __future__ import annotations

from typing import Any

from privacy_rules.reports.import_.document import ImportReport
from privacy_rules.reports.import_.text import as_data
from privacy_rules.reports.markup.json import Json, dumps
from privacy_rules.reports.registry import View


def render(found: ImportReport, _: View) -> str:
    """The document."""
    result = found.result
    return dumps(
        {
            "version": 1,
            "format": result.format.name,
            "files": list(result.files),
            "counts": {
                "systems": result.count("systems"),
                "flows": result.count("flows"),
                "categories": result.terms,
                "lost": sum(result.lost.values()),
            },
            "lost": [{"path": path, "count": count} for path, count in sorted(result.lost.items())],
            "unmapped": [
                {"section": section, "word": word, "count": count}
                for (section, word), count in sorted(result.unmapped.items())
            ],
            **({"map": _suggestions(found)} if found.map is not None else {}),
            "manifest": {"manifest": 1, **{key: _json(as_data(each)) for key, each in result.manifest.items()}},
        }
    )


def _suggestions(found: ImportReport) -> Json:
    assert found.map is not None
    return {
        section: {
            each.word: {
                "term": each.term,
                "sure": each.sure,
                "count": each.count,
                **({} if each.compared else {"compared": False}),
            }
            for each in suggestions
        }
        for section, suggestions in found.map.sections.items()
    }


def _json(value: Any) -> Json:
    match value:
        case dict():
            return {key: _json(each) for key, each in value.items()}
        case list():
            return [_json(each) for each in value]
        case None | bool() | str():
            return value
        case other:
            return str(other)
