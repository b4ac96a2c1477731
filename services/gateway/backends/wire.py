"""How enums and times of our protos are written in JSON: a lower-case word, an aware time or nothing."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


class ProtoEnum(Hashable, Protocol):
    """An enum of a generated module, as far as it is read here."""

    @property
    def DESCRIPTOR(self) -> EnumDescriptor:  # noqa: N802  # protobuf's name
        """Its name and values."""


@lru_cache(maxsize=64)
def words_of(enum: ProtoEnum) -> dict[int, str]:
    """Every value of a proto enum with its word (`AGENCY_KIND_POLICE` is `police`); 0 has none."""
    values = [(value.name, value.number) for value in enum.DESCRIPTOR.values]
    prefix = _HUMP.sub("_", enum.DESCRIPTOR.name).upper() + "_"
    return {number: name.removeprefix(prefix).lower() for name, number in values if number}


def word_of(enum: ProtoEnum, number: int) -> str:
    """The word of one value, "" for one that is unspecified or newer than this process."""
    return words_of(enum).get(number, "")


@lru_cache(maxsize=512)
def number_of(enum: ProtoEnum, word: str) -> int:
    """The value a word stands for, 0 for none."""
    return next((number for number, known in words_of(enum).items() if known == word), 0)


def moment_of(message: Message, field: str) -> datetime | None:
    """The timestamp in a message's field, nothing when it is not set."""
    if not message.HasField(field):
        return None
    moment: datetime = getattr(message, field).ToDatetime(tzinfo=UTC)
    return moment
