"""Splits a plain text into text and web links, so that a page can make links clickable and show the rest exactly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINK = re.compile(r"https?://[^\s<>\"'`\\]+")
_CLOSING = ".,;:!?)]}"


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A stretch of the text; `is_link` when it is an http or https address."""

    text: str
    is_link: bool


def body_parts(body: str) -> Iterator[BodyPart]:
    """The text in order; the parts joined are the text again."""
    position = 0
    for match in _LINK.finditer(body):
        link = match.group().rstrip(_CLOSING)
        if match.start() > position:
            yield BodyPart(body[position : match.start()], is_link=False)
        yield BodyPart(link, is_link=True)
        position = match.start() + len(link)
    if position < len(body):
        yield BodyPart(body[position:], is_link=False)
