"""The description of the API, and thousands of requests made from it: none is answered by an internal error."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from privacy_rules.web.app import application
from privacy_rules.web.guard import TOKEN_HEADER
from privacy_rules.web.openapi import description
from tests.web.exploring import HOST, TOKEN, door, example

APPLICATION = application(example(), door("testserver"))
OWN = {TOKEN_HEADER: TOKEN, "Host": HOST}
WORDS = positive_data_acceptance
"""What fits the schema may still name a flow that there is not: which ones there are only the manifest knows."""
SCHEMA = schemathesis.openapi.from_dict(description())
SCHEMA.app = APPLICATION


@SCHEMA.parametrize()
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_is_answered_by_a_defect(case: Any) -> None:
    answer = case.call(base_url=f"http://{HOST}", headers=OWN)
    assert answer.status_code < 500
    case.validate_response(answer, excluded_checks=[WORDS])


def test_the_description_is_that_of_openapi_3_1(api: TestClient) -> None:
    told = api.get("/openapi.json").json()
    assert told == json.loads(json.dumps(description()))
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {
        "/session",
        "/check",
        "/what-if",
        "/estate",
        "/picture",
        "/days",
        "/explain",
        "/patch",
        "/repair",
        "/forecast",
        "/openapi.json",
    }


@pytest.mark.parametrize(
    ("path", "name", "body"),
    [
        ("/check", "Document", {}),
        ("/what-if", "Delta", {"changes": [{"set": {"party": "ad_platform", "role": None}}]}),
        ("/estate", "Estate", {"changes": [{"remove": {"flow": "audience-upload"}}]}),
        ("/picture", "Picture", {"changes": [{"remove": {"flow": "audience-upload"}}], "view": ["party:iapmo"]}),
        ("/explain", "Explanation", {"rule": "no_selling_through_others", "subject": "audiences"}),
        ("/repair", "Repair", {"rule": "no_selling_through_others", "subject": "audiences"}),
        ("/repair", "Errors", {"rule": "no_selling_through_others", "subject": "nothing"}),
        ("/forecast", "Forecast", {"as_of": "2026-11-01"}),
        ("/patch", "Patch", {"changes": [{"remove": {"flow": "audience-upload"}}]}),
        ("/check", "Errors", {"changes": 1}),
    ],
)
def test_an_answer_has_the_form_that_is_described(api: TestClient, path: str, name: str, body: Any) -> None:
    schema = {**description(), "$ref": f"#/components/schemas/{name}"}
    jsonschema.Draft202012Validator(schema).validate(api.post(path, json=body).json())
