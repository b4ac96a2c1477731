"""What a form asks: fields of a few kinds, each with its words, described as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

NARRATIVE_CHARACTERS_MAX = 20_000


class Kind(StrEnum):
    """How a field is asked and what it becomes in the body."""

    TEXT = "text"  # one line -> string
    LONG_TEXT = "long_text"  # -> string, kept as typed
    DATE = "date"  # three boxes -> ISO date
    MOMENT = "moment"  # date and time of day, United Kingdom -> ISO date-time with offset
    ONE = "one"  # one of a list -> string
    MANY = "many"  # several of a list -> list of strings
    YES_NO = "yes_no"  # -> bool
    SCORE = "score"  # 1 to 5 -> int
    NUMBER = "number"  # -> int
    GROUP = "group"  # several rows of fields -> list of objects


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the code that is sent, its words, and perhaps a hint."""

    value: str
    text: str
    hint: str = ""


# Where the choices of a field come from: a list of `words.py` by its name, or "@people" and the like for this case.
Offered = Mapping[str, Sequence[Option]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `name` is the API's own name for the answer."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    source: str = ""  # of the choices, or of the rows of a group
    only: tuple[str, ...] = ()  # these codes of the source alone
    required: bool = True
    default: str = ""  # chosen beforehand
    yes: str = "Yes"
    no: str = "No"
    none: str = ""  # words for choosing nothing, where that is an answer
    autocomplete: str = ""
    fields: tuple[Field, ...] = ()  # of a group's row
    rows: int = 0  # of a group without a source
    row_label: str = ""
    row_key: str = ""  # the body's name for what a row is about, when rows come from a source
    low: int = 0  # of a number
    high: int = 0


def one(name: str, label: str, source: str, **more: object) -> Field:
    """A choice of one from a list."""
    return _field(name, label, Kind.ONE, source=source, **more)


def many(name: str, label: str, source: str, **more: object) -> Field:
    """A choice of several from a list."""
    return _field(name, label, Kind.MANY, source=source, **more)


def text(name: str, label: str, **more: object) -> Field:
    """One line of writing."""
    return _field(name, label, Kind.TEXT, **more)


def long_text(name: str, label: str, **more: object) -> Field:
    """Writing of up to 20,000 characters."""
    return _field(name, label, Kind.LONG_TEXT, **more)


def day(name: str, label: str, **more: object) -> Field:
    """A date."""
    return _field(name, label, Kind.DATE, **more)


def moment(name: str, label: str, **more: object) -> Field:
    """A date and a time of day."""
    return _field(name, label, Kind.MOMENT, **more)


def yes_no(name: str, label: str, **more: object) -> Field:
    """Yes or no."""
    return _field(name, label, Kind.YES_NO, **more)


def _field(name: str, label: str, kind: Kind, **more: object) -> Field:
    return Field(name=name, label=label, kind=kind, **more)  # type: ignore[arg-type]  # the callers' names are Field's own
