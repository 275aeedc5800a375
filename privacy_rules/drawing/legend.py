"""The legend of a picture, with the signs that it uses."""

from __future__ import annotations

from privacy_rules.drawing.picture import Grade, Picture

_MEANS = {
    Grade.VIOLATION: "violates a rule, or is on the path of a violation",
    Grade.UNDETERMINED: "cannot be decided",
}
_LABELS = "labels: data, then purpose; +2 means two more; ? is undeclared"


def meaning(grade: Grade) -> str:
    """What a grade means."""
    return _MEANS.get(grade, "no findings")


def grades(drawn: Picture) -> list[Grade]:
    """The grades that a picture shows, the worst first."""
    found = {each.grade for each in drawn.boxes} | {each.grade for each in drawn.arrows}
    return sorted(found, reverse=True)


def signs(drawn: Picture) -> list[str]:
    """What frames and labels mean."""
    lines = [f"frames are {drawn.frames}"] if any(not each.folds for each in drawn.boxes) else []
    lines += ["a double frame stands for several systems"] if any(each.folds for each in drawn.boxes) else []
    return lines + ([_LABELS] if drawn.arrows else [])


def legend(drawn: Picture, bad: str, unsure: str) -> str:
    """The legend in one line; `bad` and `unsure` describe the lines of violations and of undetermined flows."""
    looks = {Grade.VIOLATION: bad, Grade.UNDETERMINED: unsure}
    return "; ".join([*(f"{looks[each]}: {meaning(each)}" for each in grades(drawn) if each in looks), *signs(drawn)])
