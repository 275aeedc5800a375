"""Sessions to explore, and clients that are let in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from privacy_rules import engine
from privacy_rules.source.file_system import DISK
from privacy_rules.tracing.prose_loader import clauses_of, prose_of
from privacy_rules.web.app import application, is_open
from privacy_rules.web.guard import TOKEN_HEADER, Door
from privacy_rules.web.session import Session, Terms

HOME = Path(__file__).parents[2] / "examples" / "iapmo"
HOST, TOKEN = "127.0.0.1:4711", "a-token-that-only-the-test-knows"
Found = dict[str, Any]


def session_of(*manifests: Path, day: date | None = None) -> Session:
    inputs, wrong = engine.load(manifests, keep=True)
    assert inputs is not None, wrong
    return Session(inputs, Terms(day), clauses_of(prose_of(inputs.policy, DISK)))


def example(variant: str = "hashed-audience") -> Session:
    """The example, with a variant of it that breaks a promise."""
    return session_of(HOME / "estate.yaml", HOME / "variants" / f"{variant}.yaml")


def door(*hosts: str, **bounds: Any) -> Door:
    return Door(frozenset({HOST, *hosts}), TOKEN, is_open, **bounds)


def client(session: Session, *, token: str | None = TOKEN, **bounds: Any) -> TestClient:
    headers = {TOKEN_HEADER: token} if token else {}
    return TestClient(application(session, door(**bounds)), base_url=f"http://{HOST}", headers=headers)  # type: ignore[arg-type]


def keys(findings: list[Found]) -> list[tuple[str, str]]:
    return [(each["rule"], each["subject"]["id"]) for each in findings]
