"""The codes of wrong calls (E3xx), of a wrong configuration among them, and of warnings (W3xx), each in one line."""

from __future__ import annotations

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

UNKNOWN_ENTITY = "W301"
LAPSED_WAIVER = "W302"
IDLE_WAIVER = "W303"
IDLE_RULE = "W304"
NO_RULE_IN_FORCE = "W305"
NOBODY_IS_US = "W306"
NO_FLOWS = "W307"
NOT_EXPLAINED = "W308"
LONG_WAIVER = "W309"
WAIVER_LAPSES_SOON = "W310"
IDLE_BASELINE = "W311"
NOT_A_MANIFEST = "W312"
NEVER_IN_FORCE = "W313"
WAIVER_TO_COME = "W314"
RULE_NOT_IN_FORCE = "W315"
DIRECTION = "W320"
INVISIBLE = "W321"

CALL_ERRORS = {
    NO_POLICY: "no policy is given: not by the call, nor by the configuration, nor by the manifest's own `policy`",
    NO_MANIFEST: "no manifest is given, or what is given matches none",
    UNUSABLE_FILE: "a file cannot be written, or changed after it was read; a folder cannot be looked into; or a policy file that a manifest names does not exist",
    UNKNOWN_RULE: "the call names a rule that the policy does not have",
    CONFIGURATION: "the configuration is not valid TOML, has an unknown key or a value of the wrong kind, names an unknown lint or cost, or a file outside the project",
    USAGE: "an option or argument of the command line is unknown, missing or has a value that does not fit",
    UNKNOWN_SUBJECT: "the call asks of something that is not judged: in this manifest, or by a rule that is not in force on this day",
    BASELINE: "a baseline, or the lock file of `trace`, is not valid JSON, is another kind of file, or has merge-conflict markers",
    COMMIT: "the past cannot be read: no git, no repository, no such commit, a missing object, or a filter that would have to run",
    OUT_OF_TIME: "the time that `--timeout` allows is over; nothing was written",
    NO_EXTRA: "the verb needs packages that are not installed: those of an extra",
    REQUEST: "a request to the explorer is not let in, too large, too slow, or not of the form that its API has",
    NO_TESTS: "no test is given, or what is given or chosen matches none",
    EXPECTATION: "a test expects what cannot be: of no such rule, of a permit, or of what the changed manifest does not have",
    SURVIVORS: "a list of survivors has not the form of one, or gives no reason",
    UNPATCHABLE: "a change cannot be written into the manifests safely as a patch",
}
"""What each error of a call means: the input may be right, what was asked is not."""

WARNINGS = {
    UNKNOWN_ENTITY: "a policy names a party or system that the manifest lacks",
    LAPSED_WAIVER: "a waiver's end has come: it shelters nothing any more",
    IDLE_WAIVER: "a waiver matches no finding",
    IDLE_RULE: "a rule spoke of nothing: nothing in the manifest is in its scope",
    NO_RULE_IN_FORCE: "no rule of the policy is in force on the day of the check",
    NOBODY_IS_US: "contracts with us are asked for, and no party is or may be `us`",
    NO_FLOWS: "the manifest declares no flows",
    NOT_EXPLAINED: "there are more findings than can be explained at once: some have no reasons",
    LONG_WAIVER: "a waiver is for more days than are configured",
    WAIVER_LAPSES_SOON: "a waiver lapses within the days that are configured",
    IDLE_BASELINE: "a baseline has findings that are found no more",
    NOT_A_MANIFEST: "a changed file is none that the check reads, or a changed folder has none",
    NEVER_IN_FORCE: "a contract or a waiver ends before it begins: it is never in force",
    WAIVER_TO_COME: "a waiver begins after the day of the check: it shelters nothing yet",
    RULE_NOT_IN_FORCE: "a rule that the call or the configuration chooses is not in force on the day of the check",
    DIRECTION: "a policy or manifest contains a mark that changes the text direction",
    INVISIBLE: "a policy or manifest contains an invisible character",
}
"""What each warning means; none fails a check unless the configuration's `fail-warnings` names it."""
