"""Check declared data flows against the rules of a privacy policy, and report what cannot be decided.

    import privacy_rules as pr
    policy = pr.load_policy("iapmo.privacy")
    report = pr.check(policy, pr.load_manifest("estate.yaml", policy=policy))

Names are loaded when they are first used, so that the import itself is fast.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing `typing` would take a tenth of a check that is repeated from the cache

if TYPE_CHECKING:
    from privacy_rules.api import Manifest, check, explain, load_manifest, load_policy
    from privacy_rules.checking.judgements import Explained, Fact, Missing
    from privacy_rules.checking.logic import Truth, Verdict
    from privacy_rules.checking.rule_subjects import Explanation
    from privacy_rules.findings.finding import Finding
    from privacy_rules.findings.report import Report, Summary
    from privacy_rules.findings.threshold import Threshold
    from privacy_rules.language.policy import Policy
    from privacy_rules.source.diagnostic import Diagnostic, InputError, PrivacyRulesError
    from privacy_rules.source.package_version import __version__
    from privacy_rules.source.span import Span

_HOMES = {
    "Diagnostic": "source.diagnostic",
    "Explained": "checking.judgements",
    "Explanation": "checking.rule_subjects",
    "Fact": "checking.judgements",
    "Finding": "findings.finding",
    "InputError": "source.diagnostic",
    "Manifest": "api",
    "Missing": "checking.judgements",
    "Policy": "language.policy",
    "PrivacyRulesError": "source.diagnostic",
    "Report": "findings.report",
    "Span": "source.span",
    "Summary": "findings.report",
    "Threshold": "findings.threshold",
    "Truth": "checking.logic",
    "__version__": "source.package_version",
    "Verdict": "checking.logic",
    "check": "api",
    "explain": "api",
    "load_manifest": "api",
    "load_policy": "api",
}

__all__ = [
    "Diagnostic",
    "Explained",
    "Explanation",
    "Fact",
    "Finding",
    "InputError",
    "Manifest",
    "Missing",
    "Policy",
    "PrivacyRulesError",
    "Report",
    "Span",
    "Summary",
    "Threshold",
    "Truth",
    "Verdict",
    "__version__",
    "check",
    "explain",
    "load_manifest",
    "load_policy",
]


def __getattr__(name: str) -> object:
    """Return a public name from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
