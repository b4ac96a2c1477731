"""What can be chosen in a field: a closed list in words, or the people and things of one case."""

from __future__ import annotations

from collections.abc import Sequence

from services.console.form.field import Field, Offered, Option
from services.console.words import table


def options_of(field: Field, offered: Offered) -> Sequence[Option]:
    """The choices of a field; a source beginning with @ is this case's own, and empty when nothing was offered."""
    if field.source.startswith("@"):
        options = offered.get(field.source, ())
    else:
        options = [Option(code, words) for code, words in table(field.source).items()]
    return [option for option in options if not field.only or option.value in field.only]
