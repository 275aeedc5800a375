from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from privacy_rules.web.session import Session
from tests.chromium import launched
from tests.web import browsing
from tests.web.exploring import HOME, client, example


@pytest.fixture(scope="session")
def hashed() -> Session:
    return example()


@pytest.fixture
def api(hashed: Session) -> TestClient:
    return client(hashed)


@pytest.fixture(scope="module")  # no longer: as long as it runs, no other loop runs in its thread
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the example is explored, with a variant that breaks a promise."""
    with browsing.explorer("estate.yaml", "variants/hashed-audience.yaml", folder=HOME) as found:
        yield found
