"""Where a list goes on: the last row's place in the order, as a text its reader need not understand."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_CHARACTERS_MAX = 300
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The order time and case id of the last row shown."""

    at: datetime
    case_id: str

    def encode(self) -> str:
        """The cursor as URL-safe text."""
        microseconds = (self.at - _EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(json.dumps([microseconds, self.case_id]).encode()).decode()

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Read a cursor; raises `ValueError` when it is not one of ours."""
        if len(text) > _CHARACTERS_MAX:
            raise ValueError("too long")
        try:
            parts = json.loads(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
        except (UnicodeError, binascii.Error, RecursionError) as error:
            raise ValueError("not a cursor") from error
        match parts:
            case [int(microseconds), str(case_id)] if not isinstance(microseconds, bool) and case_id.isprintable():
                try:
                    return cls(_EPOCH + timedelta(microseconds=microseconds), case_id)
                except OverflowError as error:
                    raise ValueError("no such time") from error
        raise ValueError("not a cursor")
