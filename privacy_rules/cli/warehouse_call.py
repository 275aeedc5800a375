"""Judge the tables of a call in a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules import engine
from privacy_rules.cli.inputs import project, read_policy, sources
from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.nodes import UnreadableError
from privacy_rules.manifest.read_file import unreadable
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, has_errors
from privacy_rules.source.span import Span

if TYPE_CHECKING:
    from privacy_rules.cli.check_call import Call
    from privacy_rules.findings.report import Report
    from privacy_rules.language.policy import Policy
    from privacy_rules.manifest.file_set import Documents
    from privacy_rules.warehouse.database import Database


def judged_in_database(call: Call) -> tuple[engine.Inputs, Report]:
    """The inputs, as far as they were loaded, and the report. Raises InputError with all errors."""
    from privacy_rules.cli.check_call import refuse_not_in_force, unknown_rules
    from privacy_rules.warehouse.prefiltered_check import Request, check

    settings = call.settings
    with call.stages.stage("reading"):
        documents, policy = _documents(call)
        unknown = unknown_rules(policy, settings)
        if unknown:
            raise InputError(unknown)
        database = _database(call)
    request = Request(
        policy,
        documents,
        database,
        call.as_of or settings.as_of,
        "call" if call.as_of else "configuration",
        call.selected,
        settings.severity,
        settings.limits,
        each_way=call.each_way,
    )
    try:
        with call.stages.stage("judging"):
            inputs, report, wrong = check(request)
    except UnreadableError as error:
        raise InputError([_unreadable(error, call)]) from error
    if inputs is None or report is None:
        raise InputError(wrong)
    refuse_not_in_force(inputs, call.rules, report.as_of)
    return inputs, report


def _documents(call: Call) -> tuple[Documents | None, Policy]:
    """The manifests of the call, if it names some, and the policy."""
    settings, disk = call.settings, project(call.settings, *call.manifests, *call.policies)
    documents = None
    if call.manifests:
        documents, found = engine.read(
            sources(call.manifests, settings), root=settings.folder, limit=settings.manifest_limit, disk=disk
        )
        if documents is None or has_errors(found):
            raise InputError(found)
    files = [Path(each) for each in call.policies] or list(settings.policy)
    if files or documents is None:
        if not files:
            raise InputError([engine.no_policy()])
        return documents, read_policy(files, settings, *call.policies)[0]
    policy, wrong = engine.policy_of(documents, disk)
    if policy is None:
        raise InputError(wrong)
    return documents, policy


def _database(call: Call) -> Database:
    from privacy_rules.warehouse.database import DuckDb, files_of

    source = call.tables[0]
    try:
        files = files_of([Path(each) for each in call.tables], project(call.settings, *call.tables))
        if not files:
            help_ = "a folder of tables has files such as `flows.parquet`"
            raise InputError(
                [Diagnostic(codes.NO_MANIFEST, f"there are no tables in `{shown(Path(source))}`", help=help_)]
            )
        return DuckDb(files)
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None) or source
        raise InputError([unreadable(shown(Path(name)), error)]) from error
    except UnreadableError as error:
        raise InputError([_unreadable(error, call)]) from error
    except ModuleNotFoundError as error:
        if error.name not in ("duckdb", "pyarrow"):
            raise
        help_ = "install it: `pip install 'privacy-rules[scale]'`"
        raise InputError([Diagnostic(codes.NO_EXTRA, "the engine needs the extra `scale`", help=help_)]) from error


def _unreadable(error: UnreadableError, call: Call) -> Diagnostic:
    return Diagnostic(error.code, error.message, Span(shown(Path(call.tables[0])), 1, 1), error.help, excerpt="")
