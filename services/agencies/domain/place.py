"""The districts of the region and the venues where people can be brought together safely."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class District:
    """A part of the region."""

    district_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Venue:
    """A place for a conference, with what keeps people apart and lets everyone in."""

    venue_id: str
    name: str
    district_id: str
    separate_entrances: bool
    separate_waiting_rooms: bool
    step_free: bool
