"""The catalogue of codes: every error and warning with its title. Lints have their codes in their own modules.

    Diagnostic(codes.UNKNOWN_TERM, ...)
    codes.WARNINGS["W302"]      -> "a waiver has expired: it suppresses nothing any more"

The tables in `dsl/messages.md` are tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# E1xx: the policy

SYNTAX = "E101"
CHARACTER = "E102"
TOO_DEEP = "E103"
DUPLICATE = "E104"
UNKNOWN_TERM = "E105"
UNKNOWN_NAME = "E106"
OUT_OF_PLACE = "E107"
TYPE = "E108"
DESPITE = "E109"
PERMIT = "E110"
CIRCLE = "E111"
USE = "E112"
LITERAL = "E113"
OTHER_PARENT = "E114"
NO_RULES = "E115"
UNREADABLE_POLICY = "E116"
REPEATED = "E117"

# E2xx: manifests, and other files of the same form

UNREADABLE_DATA = "E201"
UNKNOWN_KEY = "E202"
MISSING_KEY = "E203"
UNDECLARED_TERM = "E204"
DANGLING_REFERENCE = "E205"
DUPLICATE_ID = "E206"
DUPLICATE_KEY = "E207"
UNFIT_VALUE = "E208"
EMPTY_LIST = "E209"
INCLUDE = "E210"
CONTRADICTION = "E211"
ORIGIN = "E212"
CONTRACT_PARTIES = "E213"

# E3xx: the call and the configuration

NO_POLICY = "E301"
NO_MANIFEST = "E302"
UNUSABLE_FILE = "E303"
UNKNOWN_RULE = "E304"
CONFIGURATION = "E305"
USAGE = "E306"
UNKNOWN_SUBJECT = "E307"
BASELINE = "E308"
COMMIT = "E309"
OUT_OF_TIME = "E310"
NO_EXTRA = "E320"
REQUEST = "E321"
NO_TESTS = "E330"
EXPECTATION = "E331"
SURVIVORS = "E332"
UNPATCHABLE = "E340"

# W3xx: warnings

UNKNOWN_ENTITY = "W301"
EXPIRED_WAIVER = "W302"
IDLE_WAIVER = "W303"
IDLE_RULE = "W304"
NO_RULE_IN_FORCE = "W305"
NOBODY_IS_US = "W306"
NO_FLOWS = "W307"
NOT_EXPLAINED = "W308"
LONG_WAIVER = "W309"
WAIVER_EXPIRES_SOON = "W310"
IDLE_BASELINE = "W311"
NOT_A_MANIFEST = "W312"
NEVER_IN_FORCE = "W313"
WAIVER_TO_COME = "W314"
RULE_NOT_IN_FORCE = "W315"
DIRECTION = "W320"
INVISIBLE = "W321"

POLICY_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        SYNTAX: "syntax error",
        CHARACTER: "a string that does not end, or a character that begins no word of the language",
        TOO_DEEP: "conditions, exceptions or terms nested deeper than 100",
        DUPLICATE: "a name that is taken: declared twice, or reserved",
        UNKNOWN_TERM: "unknown term or vocabulary",
        UNKNOWN_NAME: "unknown name in a condition",
        OUT_OF_PLACE: "something that its subject does not have, or that cannot be here",
        TYPE: "type error: a test or value that does not fit",
        DESPITE: "`despite` does not name a rule, or names a permit",
        PERMIT: "a permit that cannot meet its rule",
        CIRCLE: "a circle of terms or of defines",
        USE: "a `use` that cannot be followed",
        LITERAL: "not a date, duration or number",
        OTHER_PARENT: "a term nested again below another parent",
        NO_RULES: "a policy without rules",
        UNREADABLE_POLICY: "a policy file that cannot be read",
        REPEATED: "something given twice that may be given once",
    }
)
"""Code → title of each error of a policy."""

DATA_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        UNREADABLE_DATA: "the file cannot be read",
        UNKNOWN_KEY: "unknown key",
        MISSING_KEY: "missing required key",
        UNDECLARED_TERM: "unknown term",
        DANGLING_REFERENCE: "dangling reference",
        DUPLICATE_ID: "duplicate id",
        DUPLICATE_KEY: "duplicate key",
        UNFIT_VALUE: "a value that does not fit its place",
        EMPTY_LIST: "an empty list that must not be empty",
        INCLUDE: "an include that matches nothing, leaves the root, or is in a folder that cannot be read",
        CONTRADICTION: "two files that declare one thing differently",
        ORIGIN: "an origin that is not a collection",
        CONTRACT_PARTIES: "a contract without its parties",
    }
)
"""Code → title of each error of a manifest, a change set or a file of tests."""

CALL_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        NO_POLICY: "no policy is given: not by the call, nor by the configuration, nor by the manifest's own `policy`",
        NO_MANIFEST: "no manifest is given, or what is given matches none",
        UNUSABLE_FILE: "a file cannot be written, or changed after it was read; a folder cannot be read; or a policy file that a manifest names does not exist",
        UNKNOWN_RULE: "the call names a rule that the policy does not have",
        CONFIGURATION: "the configuration is not valid TOML, has an unknown key or a value of the wrong kind, or names an unknown lint or cost, or a file outside the project",
        USAGE: "an option or argument of the command line is unknown, missing or has a value that does not fit",
        UNKNOWN_SUBJECT: "the call asks about something that is not judged: in this manifest, or by a rule that is not in force on this day",
        BASELINE: "a baseline, or the lock file of `trace`, is not valid JSON, is another kind of file, or has merge-conflict markers",
        COMMIT: "the past cannot be read: no git, no repository, no such commit, a missing object, or a filter that would have to run",
        OUT_OF_TIME: "the time that `--timeout` allows is over; nothing was written",
        NO_EXTRA: "the verb needs the packages of an extra, which are not installed",
        REQUEST: "a request to the explorer is not let in, too large, too slow, or not of the form that its API has",
        NO_TESTS: "no test is given, or what is given or chosen matches none",
        EXPECTATION: "a test expects what cannot be: a finding of an unknown rule or a permit, or about something that the changed manifest does not have",
        SURVIVORS: "a list of survivors is not of the right form, or gives no reason",
        UNPATCHABLE: "a change cannot be written into the manifests safely as a patch",
    }
)
"""Code → title of each error of a call: what was asked for, or how, is wrong, though the policy and manifests may be right."""

WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        UNKNOWN_ENTITY: "a policy names a party or system that the manifest lacks",
        EXPIRED_WAIVER: "a waiver has expired: it suppresses nothing any more",
        IDLE_WAIVER: "a waiver matches no finding",
        IDLE_RULE: "a rule applies to nothing: nothing in the manifest is in its scope",
        NO_RULE_IN_FORCE: "no rule of the policy is in force on the day of the check",
        NOBODY_IS_US: "a rule asks for contracts with us, and no party is or may be `us`",
        NO_FLOWS: "the manifest declares no flows",
        NOT_EXPLAINED: "there are more findings than can be explained at once: some have no reasons",
        LONG_WAIVER: "a waiver is for more days than the configuration allows",
        WAIVER_EXPIRES_SOON: "a waiver expires within the days that are configured",
        IDLE_BASELINE: "a baseline has findings that no longer exist",
        NOT_A_MANIFEST: "a changed file is not one that the check reads, or a changed folder has none",
        NEVER_IN_FORCE: "a contract or a waiver ends before it begins: it is never in force",
        WAIVER_TO_COME: "a waiver begins after the day of the check: it suppresses nothing yet",
        RULE_NOT_IN_FORCE: "a rule that the call or the configuration chooses is not in force on the day of the check",
        DIRECTION: "a policy or manifest contains a mark that changes the text direction",
        INVISIBLE: "a policy or manifest contains an invisible character",
    }
)
"""Code → title of each warning. None fails a check unless the configuration's `fail-warnings` names it."""

ALL: Mapping[str, str] = MappingProxyType({**POLICY_ERRORS, **DATA_ERRORS, **CALL_ERRORS, **WARNINGS})
"""Code → title of each of them."""
