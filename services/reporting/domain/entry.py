"""What the ledger keeps of one thing that happened in a case, and how little it may say."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Scalar = str | int | float | bool | None
Data = Mapping[str, "Scalar | list[Scalar]"]

_DATA_CHARACTERS_MAX = 8000
_TEXT_CHARACTERS_MAX = 80
_KEYS_MAX = 64
_LIST_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened; `(case, sequence)` is its identity for ever. `happened_at` is the case's own time."""

    sequence: int
    episode: int
    kind: str
    happened_at: datetime
    stage: str
    actor_id: str = ""
    actor_role: str = ""
    step: str = ""
    data: Data
    trace_id: str = ""
    span_id: str = ""


class DataTooFreeError(ValueError):
    """An entry's data could hold narrative: it is not an object of short scalars and lists of them."""


def read_data(text: str) -> Data:
    """Answer an entry's data from its JSON text ("" is none); raises `DataTooFreeError`.

    Texts of at most 80 printable characters leave room for codes, ids and dates, and none for a story.
    """
    if not text:
        return {}
    if len(text) > _DATA_CHARACTERS_MAX:
        raise DataTooFreeError
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise DataTooFreeError from error
    if not isinstance(data, dict) or len(data) > _KEYS_MAX:
        raise DataTooFreeError
    for key, value in data.items():
        if not _is_short(key) or not key:
            raise DataTooFreeError
        if isinstance(value, list):
            if len(value) > _LIST_MAX or not all(_is_scalar(part) for part in value):
                raise DataTooFreeError
        elif not _is_scalar(value):
            raise DataTooFreeError
    return data


def _is_scalar(value: object) -> bool:
    if isinstance(value, str):
        return _is_short(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, (bool, int))


def _is_short(text: str) -> bool:
    # Unprintable takes in line ends, NUL and lone surrogates, none of which PostgreSQL or a code needs.
    return len(text) <= _TEXT_CHARACTERS_MAX and text.isprintable()


def _refuse_constant(_name: str) -> None:
    raise DataTooFreeError
