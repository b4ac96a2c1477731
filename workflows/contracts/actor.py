"""Who takes a step: an opaque id, the roles a verified token gave, and where they belong."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.contracts.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A staff member (`actor_id` is a staff id) or a participant (`person_id` is theirs too); ids are opaque."""

    actor_id: str
    roles: tuple[Role, ...]
    agency_id: str = ""
    unit_id: str = ""
    person_id: str = ""  # set for a participant acting for themselves
