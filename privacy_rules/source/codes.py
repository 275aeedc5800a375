"""The catalogue of codes: every error and warning with its title. Lints have their codes in their own modules.

    Diagnostic(codes.UNKNOWN_TERM, ...)
    codes.WARNINGS["W302"]      -> "a waiver has expired: it no longer suppresses anything"

The tables in `dsl/messages.md` are tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_titles: dict[str, str] = {}


def _code(code: str, title: str) -> str:
    _titles[code] = title
    return code


def _of(prefix: str) -> Mapping[str, str]:
    return MappingProxyType({code: title for code, title in _titles.items() if code.startswith(prefix)})


# The policy

SYNTAX = _code("E101", "syntax error")
CHARACTER = _code("E102", "a string that does not end, or a character that begins no word of the language")
TOO_DEEP = _code("E103", "conditions, exceptions or terms nested deeper than 100")
DUPLICATE = _code("E104", "a name that is taken: declared twice, or reserved")
UNKNOWN_TERM = _code("E105", "unknown term or vocabulary")
UNKNOWN_NAME = _code("E106", "unknown name in a condition")
OUT_OF_PLACE = _code("E107", "something that its subject does not have, or that cannot be here")
TYPE = _code("E108", "type error: a test or value that does not fit")
DESPITE = _code("E109", "`despite` does not name a rule, or names a permit")
PERMIT = _code("E110", "a permit that cannot meet its rule")
CIRCLE = _code("E111", "a cycle of terms or of defines")
USE = _code("E112", "a `use` that cannot be followed")
LITERAL = _code("E113", "not a date, duration or number")
OTHER_PARENT = _code("E114", "a term nested again below another parent")
NO_RULES = _code("E115", "a policy without rules")
UNREADABLE_POLICY = _code("E116", "a policy file that cannot be read")
REPEATED = _code("E117", "something given twice that may be given once")
NEWER_CONSTRUCT = _code("E118", "a construct that is newer than the `language` of the policy")

PERIODS = _code("E119", "dates of a term's parent that contradict each other")
NOT_THERE = _code("E120", "a `use` that adjusts a rule which its file does not bring")

# Manifests, and other files of the same form

UNREADABLE_DATA = _code("E201", "the file cannot be read")
UNKNOWN_KEY = _code("E202", "unknown key")
MISSING_KEY = _code("E203", "missing required key")
UNDECLARED_TERM = _code("E204", "unknown term")
DANGLING_REFERENCE = _code("E205", "dangling reference")
DUPLICATE_ID = _code("E206", "duplicate id")
DUPLICATE_KEY = _code("E207", "duplicate key")
UNFIT_VALUE = _code("E208", "a value that does not fit its place")
EMPTY_LIST = _code("E209", "an empty list that must not be empty")
INCLUDE = _code("E210", "an include that matches nothing, leaves the root, or is in a folder that cannot be read")
CONTRADICTION = _code("E211", "two declarations of one thing that differ")
ORIGIN = _code("E212", "an origin that is not a collection")
CONTRACT_PARTIES = _code("E213", "a contract without its parties")

# The call and the configuration

NO_POLICY = _code("E301", "no policy is given by the call, the configuration or the manifest's own `policy`")
NO_MANIFEST = _code("E302", "no manifest is given, or nothing matches the given names")
UNUSABLE_FILE = _code(
    "E303",
    "a file cannot be written, or changed after it was read; a folder cannot be read; or a policy file that a manifest names does not exist",
)
UNKNOWN_RULE = _code("E304", "the call names a rule that the policy does not have")
CONFIGURATION = _code(
    "E305",
    "the configuration is not valid TOML, has an unknown key or a value of the wrong kind, or names an unknown lint or cost, or a file outside the project",
)
USAGE = _code("E306", "an option or argument of the command line is unknown, missing or has a value that does not fit")
UNKNOWN_SUBJECT = _code(
    "E307",
    "the call asks about something that is not judged: in this manifest, or by a rule that is not in force on this day",
)
BASELINE = _code(
    "E308",
    "a baseline, or the lock file of `trace`, is not valid JSON, is another kind of file, or has merge-conflict markers",
)
COMMIT = _code(
    "E309",
    "the past cannot be read: no git, no repository, no such commit, a missing object, or a filter that would have to run",
)
OUT_OF_TIME = _code("E310", "the time that `--timeout` allows is over; nothing was written")
NOT_PLANNED = _code("E311", "the engine that the call names cannot judge a rule, or these tables")
TOO_LARGE_CHECK = _code("E312", "the check would do more work than one check may; nothing was judged")
NO_EXTRA = _code("E320", "the verb, or a file, needs the packages of an extra, which are not installed")
REQUEST = _code(
    "E321", "a request to the explorer is refused, too large, too slow, or does not have the form of its API"
)
NO_TESTS = _code("E330", "no test is given, or nothing matches the given names")
EXPECTATION = _code(
    "E331",
    "a test expects something impossible: a finding of an unknown rule or a permit, or about something that the changed manifest does not have",
)
SURVIVORS = _code("E332", "a list of survivors is not of the right form, or gives no reason")
UNPATCHABLE = _code("E340", "a change cannot be written into the manifests safely as a patch")

# Warnings

UNKNOWN_ENTITY = _code("W301", "a policy names a party or system that the manifest lacks")
EXPIRED_WAIVER = _code("W302", "a waiver has expired: it no longer suppresses anything")
IDLE_WAIVER = _code("W303", "a waiver matches no finding")
IDLE_RULE = _code("W304", "a rule applies to nothing: nothing in the manifest is in its scope")
NO_RULE_IN_FORCE = _code("W305", "no rule of the policy is in force on the day of the check")
NOBODY_IS_US = _code("W306", "a rule asks for contracts with us, and no party is or may be `us`")
NO_FLOWS = _code("W307", "the manifest declares no flows")
NOT_EXPLAINED = _code("W308", "there are more findings than can be explained at once: some have no reasons")
LONG_WAIVER = _code("W309", "a waiver is for more days than the configuration allows")
WAIVER_EXPIRES_SOON = _code("W310", "a waiver expires within the configured number of days")
IDLE_BASELINE = _code("W311", "a baseline has findings that no longer exist")
NOT_A_MANIFEST = _code("W312", "a changed file is not one that the check reads, or a changed folder has none")
NEVER_IN_FORCE = _code("W313", "a contract or a waiver ends before it begins: it is never in force")
WAIVER_TO_COME = _code("W314", "a waiver begins after the day of the check: it does not suppress anything yet")
RULE_NOT_IN_FORCE = _code(
    "W315", "a rule that the call or the configuration chooses is not in force on the day of the check"
)
UNREAD_MANIFEST = _code("W316", "a file says `manifest: 1`, but the check does not read it")
IDLE_PATTERN = _code("W317", "a configured pattern or the policy's `text` matches nothing")
FELL_OUT = _code("W318", "a manifest of the base commit is no longer read")
OLD_DAY = _code("W319", "the manifests or the configuration set a day long ago")
DIRECTION = _code("W320", "a policy, manifest or configuration contains a mark that changes the text direction")
INVISIBLE = _code("W321", "a policy, manifest or configuration contains an invisible character")
UNSOURCED = _code("W322", "a system sends or stores data whose source is not declared")
IDLE_TRANSFORM = _code("W323", "a system transforms data whose source is not declared")
SWALLOWED = _code("W324", "a system receives data, stores nothing and sends nothing")
LOST_IN_COMMENT = _code(
    "W325", "a value in a manifest begins with `#` or contains ` #`, so that the rest of the line is read as a comment"
)
REPEATED_DEFAULT = _code("W326", "a manifest declares a default that the policy already has")
CONTRARY_DEFAULT = _code("W327", "a manifest declares a default that differs from the policy's")
CIRCLE_OF_OWNERS = _code("W328", "parties own each other in a circle")
MIXED_PERIODS = _code("W329", "a comparison of `retention` mixes periods that start with different events")

UNMAPPED = _code(
    "W330", "words in a file from another tool do not match a term of the policy: what uses them is undeclared"
)

POLICY_ERRORS = _of("E1")
"""Code → title of each error of a policy."""
DATA_ERRORS = _of("E2")
"""Code → title of each error of a manifest, a change set or a test file."""
CALL_ERRORS = _of("E3")
"""Code → title of each error of a call or of the configuration; the policy and the manifests may be right."""
WARNINGS = _of("W")
"""Code → title of each warning. None fails a check unless the configuration's `fail-warnings` names it."""
ALL: Mapping[str, str] = MappingProxyType(_titles)
"""Code → title of each of them."""
