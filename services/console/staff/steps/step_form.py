"""What the console knows of one step: its words and the fields its body needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.console.form.field import Field


class Group(StrEnum):
    """Where a step stands on the case page; the value is the heading."""

    REFERRAL = "Referral and screening"
    PEOPLE = "People"
    MEETING = "Conference and alternatives"
    EXCHANGE = "Letters and messages"
    AGREEMENT = "Agreement"
    FOLLOW_UP = "Follow-up"
    CASE = "The whole case"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepForm:
    """One step as a short form; `kind` is the API's name for it."""

    kind: str
    group: Group
    title: str
    button: str = "Save"
    intro: str = ""
    warning: bool = False  # the button stops something
    fields: tuple[Field, ...] = ()

    @property
    def path(self) -> str:
        """How the step is written in an address."""
        return self.kind.replace("_", "-")
