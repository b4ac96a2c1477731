"""The values a message may be given: dates, hours and codes, each in its one form, and how they read in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class ParameterKind(StrEnum):
    """What a placeholder stands for. A link is made here and never given."""

    DATE = "date"
    TIME = "time"
    CODE = "code"
    WORDS = "words"
    LINK = "link"


EXPECTED = {
    ParameterKind.DATE: "A date such as 2026-04-01 is needed.",
    ParameterKind.TIME: "A time such as 14:30 is needed.",
    ParameterKind.CODE: "A code is needed: letters, digits and . _ - only.",
    ParameterKind.WORDS: "A code is needed: letters, digits and . _ - only.",
}


def is_valid(kind: ParameterKind, value: str) -> bool:
    """Whether a value has the form its kind asks for; no form leaves room for a name or an address."""
    match kind:
        case ParameterKind.DATE:
            return _DATE.fullmatch(value) is not None and _date(value) is not None
        case ParameterKind.TIME:
            return _TIME.fullmatch(value) is not None
        case _:
            return _CODE.fullmatch(value) is not None


def shown(kind: ParameterKind, value: str, language: str, words: Mapping[str, str]) -> str:
    """A valid value as a person reads it; `words` are the language's words for codes, an unknown code is read out."""
    match kind:
        case ParameterKind.DATE:
            day = _date(value)
            assert day is not None
            return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}" if language == "en" else f"{day:%d.%m.%Y}"
        case ParameterKind.WORDS:
            return words.get(value, value.replace("_", " "))
        case _:
            return value


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
