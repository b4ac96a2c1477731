"""How a request's fields are read at the edge of a service: each missing or malformed one becomes a coded refusal.

A refusal's code is the field's own name and what is wrong with it, such as `case_id_missing` or `text_too_long`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.runtime.refusal import Kind, Refusal, Refused

Choice = TypeVar("Choice")

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REQUEST_KEY = re.compile(r"[!-~]{1,200}")
_LANGUAGE = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Tab, line feed and carriage return are writing; the other control characters are not, and PostgreSQL keeps no NUL.
_NOT_WRITING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAK = re.compile(r"[\r\n]")
# Wide of every case, and far enough from both ends of the calendar that a day or a zone more or less cannot overflow.
_YEARS = range(1900, 2201)
_NEVER = datetime.min.replace(tzinfo=UTC)


class FieldReader:
    """Reads fields one by one and remembers every refusal.

    A field that is refused is answered with an empty value of its type; `reading_fields` raises before it can be used.
    """

    def __init__(self, who: str) -> None:
        """`who` can supply what is missing, unless a field says otherwise."""
        self._who = who
        self.refusals: list[Refusal] = []

    def refuse(self, code: str, sentence: str, field: str, who: str = "") -> None:
        """Remember one refusal."""
        self.refusals.append(Refusal(code, sentence, field=field, who=who or self._who))

    def identifier(self, value: str, field: str, *, optional: bool = False, who: str = "") -> str:
        """An opaque id of at most 64 letters, digits, dots, dashes and underscores."""
        sentence = "An id has at most 64 letters, digits, dots, dashes and underscores."
        return self._matching(_IDENTIFIER, sentence, value, field, optional=optional, who=who)

    def request_key(self, value: str, field: str) -> str:
        """An idempotency key: at most 200 visible ASCII characters."""
        sentence = "A request key has at most 200 visible ASCII characters."
        return self._matching(_REQUEST_KEY, sentence, value, field, optional=False, who="")

    def language(self, value: str, field: str, *, default: str = "") -> str:
        """A language tag (BCP 47); an empty one is the default, if there is one."""
        sentence = "A language is given by its tag, such as en or pa."
        return self._matching(_LANGUAGE, sentence, value, field, optional=bool(default), who="") or default

    def text(
        self,
        value: str,
        field: str,
        *,
        characters_max: int,
        optional: bool = False,
        one_line: bool = False,
        who: str = "",
    ) -> str:
        """Writing of at most so many characters, without control characters; blank counts as missing."""
        if not value.strip():
            if not optional:
                self._missing(field, who)
            return ""
        if len(value) > characters_max:
            self.refuse(_code(field, "too_long"), f"At most {characters_max} characters are kept here.", field, who)
        elif _NOT_WRITING.search(value) or (one_line and _LINE_BREAK.search(value)):
            self.refuse(_code(field, "malformed"), "This holds characters that are not writing.", field, who)
        else:
            return value
        return ""

    def day(self, value: str, field: str, *, optional: bool = False, who: str = "") -> date | None:
        """An ISO date (YYYY-MM-DD)."""
        if not value:
            if not optional:
                self._missing(field, who)
            return None
        try:
            # Python also reads week dates and dates without dashes.
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.refuse(_code(field, "malformed"), "A date is written as year-month-day, such as 2026-03-31.", field, who)
        return None

    def number(self, value: int, field: str, *, low: int, high: int, who: str = "") -> int:
        """A whole number from `low` to `high`, both included."""
        if not low <= value <= high:
            self.refuse(_code(field, "out_of_range"), f"This is a number from {low} to {high}.", field, who)
            return low
        return value

    def choice(self, value: int, field: str, choices: Mapping[int, Choice], *, who: str = "") -> Choice:
        """An enum's value as ours; 0 (unspecified) and numbers not in `choices` are refused."""
        if value in choices:
            return choices[value]
        if value == 0:
            self.refuse(_code(field, "unspecified"), "One of the choices must be named.", field, who)
        else:
            self.refuse(_code(field, "unknown"), "This is not one of the choices.", field, who)
        return next(iter(choices.values()))

    def moment(self, message: Message, field: str) -> datetime:
        """The timestamp in `message`'s own field named last in `field`, as an aware time in UTC."""
        name = _name(field)
        if not message.HasField(name):
            self._missing(field, "")
            return _NEVER
        timestamp: Timestamp = getattr(message, name)
        try:
            moment = timestamp.ToDatetime(tzinfo=UTC)
        except (ValueError, OverflowError):
            moment = _NEVER
        if moment.year not in _YEARS:
            self.refuse(_code(field, "malformed"), f"This is not a time from {_YEARS[0]} to {_YEARS[-1]}.", field)
            return _NEVER
        return moment

    def at_most(self, count: int, field: str, *, low: int = 0, high: int) -> None:
        """Refuse a list with too few or too many items."""
        if count < low:
            self._missing(field, "")
        elif count > high:
            self.refuse(_code(field, "too_many"), f"At most {high} are taken at once.", field)

    def _matching(
        self, pattern: re.Pattern[str], sentence: str, value: str, field: str, *, optional: bool, who: str
    ) -> str:
        if not value:
            if not optional:
                self._missing(field, who)
        elif pattern.fullmatch(value):
            return value
        else:
            self.refuse(_code(field, "malformed"), sentence, field, who)
        return ""

    def _missing(self, field: str, who: str) -> None:
        self.refuse(_code(field, "missing"), "This must be given.", field, who)


@contextmanager
def reading_fields(who: str = "caller") -> Iterator[FieldReader]:
    """Read fields inside the block; leaving it raises `Refused(INVALID)` with every refusal remembered."""
    reader = FieldReader(who)
    yield reader
    if reader.refusals:
        raise Refused(Kind.INVALID, *reader.refusals)


def parse_uuid(value: str) -> UUID | None:
    """One of the ids our databases make, or nothing if it cannot be one."""
    try:
        return UUID(value)
    except ValueError:
        return None


def _name(field: str) -> str:
    """`people[0].contact[1].channel` is about a `channel`, `languages[2]` about `languages`."""
    return re.sub(r"\[\d+\]", "", field).rpartition(".")[2]


def _code(field: str, problem: str) -> str:
    return f"{_name(field)}_{problem}"
