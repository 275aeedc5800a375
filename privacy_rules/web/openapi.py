"""The description of the API, OpenAPI 3.1. Findings are described by the models of the published document."""

from __future__ import annotations

from functools import cache
from typing import Any

from privacy_rules import __version__
from privacy_rules.web.guard import TOKEN_HEADER

Schema = dict[str, Any]
_MODELS = "#/components/schemas/{model}"
_KINDS = ("party", "system", "flow", "contract")
_REFUSALS = {
    "400": "the request is not valid JSON, or does not have the described form",
    "401": "the token is missing or wrong",
    "403": "the request comes from another site",
    "408": "the request took too long to arrive or to answer",
    "413": "the request is larger than 1 MiB",
    "421": "the Host header is not that of this server",
    "422": "a change, rule or subject does not fit the estate or the policy: the error names it and says how to fix it; or no patch is possible",
    "429": "too many requests are already waiting",
}


@cache
def description() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "privacy-rules explore",
            "version": __version__,
            "description": "How changes to declared data flows affect the verdicts of a privacy policy. Nothing is written.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            "/session": {
                "get": _operation("session", "The text of the policy, its rules, and the manifests", "Session", None)
            },
            "/check": {"post": _operation("check", "All findings after the changes", "Document", "Asked")},
            "/what-if": {
                "post": _operation(
                    "whatIf", "How changes affect the findings, compared with the start", "Delta", "Asked"
                )
            },
            "/estate": {"post": _operation("estate", "Everything declared after the changes", "Estate", "Asked")},
            "/picture": {"post": _operation("picture", "The flows as a picture after the changes", "Picture", "View")},
            "/days": {
                "post": _operation("days", "The days on which a verdict changes, with the changes", "Days", "Asked")
            },
            "/explain": {
                "post": _operation("explain", "Why a rule judges a subject as it does", "Explanation", "Question")
            },
            "/patch": {
                "post": _operation("patch", "The changes, and the day, as a patch to the manifests", "Patch", "Asked")
            },
            "/repair": {
                "post": _operation("repair", "The cheapest changes that fix one finding", "Repair", "Question")
            },
            "/forecast": {
                "post": _operation("forecast", "What changes on which days of the next year", "Forecast", "Asked")
            },
            "/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This description",
                    "security": [],
                    "responses": {
                        "200": _json("the description", {"type": "object"}),
                        **{status: _json(_REFUSALS[status], _ref("Errors")) for status in ("403", "408", "413", "421")},
                    },
                }
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": TOKEN_HEADER}},
            "schemas": {**_requests(), **_answers(), **_published()},
        },
    }


def _operation(name: str, summary: str, answers: str, takes: str | None) -> Schema:
    found: Schema = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": _json("the answer", _ref(answers)),
            **{status: _json(description, _ref("Errors")) for status, description in _REFUSALS.items()},
        },
    }
    if takes:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(takes)}}}
    return found


def _json(text: str, schema: Schema) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> Schema:
    return {"$ref": _MODELS.format(model=name)}


def _object(properties: Schema, required: tuple[str, ...] | None = None, *, closed: bool = True) -> Schema:
    wanted = list(properties) if required is None else list(required)
    return {
        "type": "object",
        "properties": properties,
        "required": wanted,
        **({"additionalProperties": False} if closed else {}),
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = _list(_TEXT)
_DAY: Schema = {"type": "string", "format": "date", "examples": ["2026-11-01"]}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _requests() -> Schema:
    asked = {"changes": _ref("ChangeSet"), "as_of": _nullable(_DAY)}
    named = {kind: {"type": "string", "minLength": 1} for kind in _KINDS}
    one = {"minProperties": 1, "maxProperties": 1}
    return {
        "Asked": {**_object(asked, ()), "examples": [{"changes": [{"remove": {"flow": "signup"}}]}]},
        "Question": _object({**asked, "rule": _TEXT, "subject": _TEXT}, ("rule", "subject")),
        "View": _object({**asked, "view": {**_TEXTS, "description": "names of views; none is the usual one"}}, ()),
        "ChangeSet": {
            "description": "An ordered list; each change applies to the result of the changes before it.",
            **_list(
                {
                    "anyOf": [
                        _object({"remove": {**_object(named, ()), **one}}),
                        _object({"set": _object({**named, "unset": _TEXTS}, (), closed=False)}),
                        _object(
                            {
                                "add": {
                                    **_object(
                                        {each: _object({"id": _TEXT}, ("id",), closed=False) for each in _KINDS}, ()
                                    ),
                                    **one,
                                }
                            }
                        ),
                        _object({"add": _object({"waiver": {"type": "object"}})}),
                        _object({"as_of": _DAY}),
                    ]
                }
            ),
        },
    }


def _differs() -> Schema:
    state = _nullable(_object({"verdict": {"enum": ["violation", "undetermined"]}, "waived": {"type": "boolean"}}))
    pair = {"data": _nullable(_TEXT), "purpose": _nullable(_TEXT), "pair": _TEXTS, "before": state, "after": state}
    words = {
        **_TEXT,
        "description": "what is new or gone in a finding, or has another verdict; empty if the verdicts show it",
    }
    return _object({"words": words, "pairs": _list(_object(pair, ("data", "purpose", "before", "after")))})


def _answers() -> Schema:
    records = _list(_ref("Record"))
    head = _object({"as_of": _DAY, "summary": _ref("Summary")})
    found = _list(_ref("FindingDocument"))
    changed = _object(
        {"before": _ref("FindingDocument"), "after": _ref("FindingDocument"), "differs": _ref("Differs")},
    )
    return {
        "Session": _object({"version": {"const": 1}, "name": _nullable(_TEXT), "as_of": _DAY}, closed=False),
        "Estate": _object(
            {
                "version": {"const": 1},
                "as_of": _DAY,
                "went": {**_TEXTS, "description": "what else was removed with it"},
                "parties": records,
                "systems": records,
                "flows": records,
                "contracts": records,
                "organisation": records,
            }
        ),
        "Record": _object({"kind": _TEXT, "id": _TEXT, "values": {"type": "object"}, "location": _location()}),
        "Delta": _object(
            {
                "version": {"const": 1},
                "before": head,
                "went": _TEXTS,
                "comes": found,
                "goes": found,
                "stays": found,
                "changes": _list(changed),
                "after": _object({"as_of": _DAY, "summary": _ref("Summary")}, closed=False),
            }
        ),
        "Differs": _differs(),
        "Picture": _object(
            {
                "version": {"const": 1},
                "view": _TEXTS,
                "svg": _TEXT,
                "about": {**_TEXT, "description": "how much the picture shows, and what it leaves out"},
                "views": _list(_object({"id": _TEXT, "title": _TEXT})),
            }
        ),
        "Days": _object({"days": _list(_DAY)}),
        "Patch": _object(
            {"patch": {**_TEXT, "description": "a unified diff, for `git apply`; empty if nothing changes"}}
        ),
        "Repair": _object({"version": {"const": 1}, "offers": _list({"type": "object"})}, closed=False),
        "Forecast": _object({"version": {"const": 1}, "as_of": _DAY, "until": _DAY, "days": _list({"type": "object"})}),
        "Explanation": _object(
            {
                "version": {"const": 1},
                "rule": _TEXT,
                "rule_location": _location(),
                "subject": _ref("SubjectDocument"),
                "verdict": {"enum": ["violation", "undetermined", "compliant"]},
                "judged": _list({"type": "object"}),
                "missing": _list(_ref("MissingDocument")),
                "waived": {"type": "boolean"},
                "waiver": _nullable(_ref("WaiverDocument")),
            }
        ),
    }


def _location() -> Schema:
    return _nullable(_ref("Location"))


def _published() -> Schema:
    """The models of `check --format json` and of its errors."""
    from privacy_rules.findings.document_model import Document, Errors

    found: Schema = {}
    for model in (Document, Errors):
        schema = model.model_json_schema(ref_template=_MODELS)
        found |= schema.pop("$defs", {})
        found[model.__name__] = schema
    return found
