"""Read the values in a policy: their types, and whether they fit an attribute."""

from __future__ import annotations

from datetime import date

from privacy_rules.language import syntax
from privacy_rules.language.policy_errors import Errors
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.source import codes
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.vocabulary.attributes import Form, Type
from privacy_rules.vocabulary.values import (
    UNLIMITED,
    Scalar,
    Value,
    meant_duration,
    read_date,
    read_duration,
    read_flag,
    read_number,
)

_FORMS = {
    Form.FLAG: "a flag",
    Form.NUMBER: "a number",
    Form.DURATION: "a duration",
    Form.DATE: "a date",
    Form.TEXT: "text",
    Form.TEXTS: "a set of text",
    Form.REFERENCE: "an id",
    Form.REFERENCES: "a list of ids",
    Form.PAIRS: "a list of pairs",
    Form.TRANSFORMS: "a list of transforms",
}
_UNITS = tuple(unit + plural for unit in ("hour", "day", "week", "month", "year") for plural in ("", "s"))
_SCALARS = (Form.NUMBER, Form.DURATION, Form.DATE, Form.TEXT, Form.FLAG)


def described(type_: Type) -> str:
    """Return the words for a value of a type, with an article."""
    match type_.form:
        case Form.ONE:
            return f"one term of `{type_.vocabulary}`"
        case Form.SET | Form.ROLES:
            return f"a set of `{type_.vocabulary}`"
        case _:
            return _FORMS[type_.form]


def read_day(word: syntax.Word, errors: Errors) -> date | None:
    """Return the day that a date names, or report an error and return None."""
    day = read_date(word.text)
    if day is None:
        _report_no_date(word.text, word.span, errors)
    return day


def read_scalar(literal: syntax.Literal, name: str, type_: Type, lexicon: Lexicon) -> Scalar | None:
    """Return the number, duration, date, text or flag, or report that it does not fit `name` and return None."""
    if literal.kind in ("list", "moved"):
        _report_misfit(
            "a list" if literal.kind == "list" else "this is a day to compare with", literal, name, type_, lexicon
        )
        return None
    form, value = _by_itself(literal, type_, lexicon)
    if form is type_.form:
        return value
    if form is not None or literal.kind == "name":
        what = f"`{literal.text}`" + (f" is {_FORMS[form]}" if form else " is a name")
        _report_misfit(what, literal, name, type_, lexicon)
    return None


def read_default(literal: syntax.Literal, name: str, type_: Type, lexicon: Lexicon) -> Value | None:
    """Return the default of an attribute, or report that it does not fit and return None."""
    if type_.form in _SCALARS:
        return read_scalar(literal, name, type_, lexicon)
    items = literal.items if literal.kind == "list" else (literal,)
    wrong = [each for each in items if each.kind not in ("name", "text")]
    if wrong or (type_.form is Form.ONE and literal.kind == "list"):
        _report_misfit("this", wrong[0] if wrong else literal, name, type_, lexicon)
        return None
    written = [_item(each) for each in items]
    if type_.form is Form.TEXTS:
        texts = lexicon.texts(written, name)
        return None if texts is None else tuple(sorted(texts))
    terms = lexicon.terms(written, type_.vocabulary or "")
    if terms is None or type_.form is Form.ONE:
        return terms[0] if terms else None
    return tuple(sorted(terms))


def _item(literal: syntax.Literal) -> syntax.Item:
    return (syntax.Word if literal.kind == "name" else syntax.Text)(literal.text, literal.span)


def _by_itself(literal: syntax.Literal, type_: Type, lexicon: Lexicon) -> tuple[Form | None, Scalar | None]:
    text = literal.text
    match literal.kind:
        case "date":
            day = read_date(text)
            return (Form.DATE, day) if day else _report_no_date(text, literal.span, lexicon.errors)
        case "number":
            number = read_number(text)
            return (Form.NUMBER, number) if number is not None else _report_no_number(literal, lexicon)
        case "quantity":
            duration = read_duration(text)
            return (Form.DURATION, duration) if duration else _report_no_duration(literal, lexicon)
        case "text":
            return Form.TEXT, text
        case _:
            if text == str(UNLIMITED):
                return Form.DURATION, UNLIMITED
            flag = read_flag(text) if type_.form is Form.FLAG else None
            return (None, None) if flag is None else (Form.FLAG, flag)


def _report_misfit(what: str, literal: syntax.Literal, name: str, type_: Type, lexicon: Lexicon) -> None:
    helps = {
        Form.DURATION: "a duration has a unit, such as `2 years`",
        Form.DATE: "a date is written `2026-11-01`",
        Form.TEXT: "write text in double quotes",
        Form.FLAG: "a flag is `yes` or `no`",
    }
    help_ = None if type_.form is Form.TEXT and what.endswith("is a name") else helps.get(type_.form)
    if type_.form is Form.DURATION and (meant := meant_duration(literal.text)):
        help_ = f"write `{meant}`"
    if type_.form is Form.DATE and read_date(literal.text):
        help_ = "write it without quotes"
    lexicon.errors.report(codes.TYPE, f"{what}, and `{name}` is {described(type_)}", literal.span, help_)


def _report_no_date(text: str, span: Span, errors: Errors) -> tuple[None, None]:
    errors.report(codes.LITERAL, f"`{text}` is not a date", span, "a date is a day, such as `2026-11-01`")
    return None, None


def _report_no_number(literal: syntax.Literal, lexicon: Lexicon) -> tuple[None, None]:
    message = "this number is too long"
    lexicon.errors.report(
        codes.LITERAL, message, literal.span, "a number has at most 30 digits before and after its point"
    )
    return None, None


def _report_no_duration(literal: syntax.Literal, lexicon: Lexicon) -> tuple[None, None]:
    unit = literal.text.split(" ")[-1]
    help_ = f"write `{meant}`" if (meant := meant_duration(literal.text)) else None
    help_ = help_ or (None if unit in _UNITS else did_you_mean(unit, _UNITS))
    help_ = help_ or "a duration is a whole number and its unit, such as `2 years`"
    lexicon.errors.report(codes.LITERAL, f"`{literal.text}` is not a duration", literal.span, help_)
    return None, None
