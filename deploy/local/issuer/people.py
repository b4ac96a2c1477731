"""The fictional people who can sign in, grouped by agency, with their roles in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.local.region.model import Person, Practitioner, Region

_ROLE_WORDS = {
    "referrer": "refers people to the service",
    "coordinator": "screens and allocates referrals at the hub",
    "lead": "leads the hub and signs off what needs a supervisor",
    "facilitator": "facilitates cases",
    "unit_lead": "leads a unit",
    "specialist": "takes the most serious and complex cases",
    "commissioner": "pays for the service and sees figures only",
    "administrator": "keeps agencies, staff and rules up to date",
    "operator": "looks after the running system",
}
_LANGUAGE_WORDS = {
    "ar": "Arabic", "bn": "Bengali", "en": "English", "pa": "Punjabi", "pl": "Polish",
    "ro": "Romanian", "so": "Somali", "ur": "Urdu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignInPerson:
    """Someone who can sign in: what tokens say of them, and how a page describes them."""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    agency_id: str
    unit_id: str
    description: str


@dataclass(frozen=True, slots=True)
class AgencyPeople:
    """An agency and those of its people who can sign in."""

    agency_id: str
    name: str
    people: tuple[SignInPerson, ...]


class People:
    """Everyone who can sign in, by id and by agency."""

    def __init__(self, region: Region) -> None:
        """Take everyone of the region; whether someone's access has ended is for agencies to say, not for sign-in."""
        unit_names = {unit.id: unit.name for unit in region.units}
        self._by_id = {one.id: _sign_in_person(one, unit_names) for one in sorted(region.staff, key=lambda one: one.id)}
        self.agencies: Sequence[AgencyPeople] = [
            AgencyPeople(agency.id, agency.name, people)
            for agency in region.agencies
            if (people := tuple(one for one in self._by_id.values() if one.agency_id == agency.id))
        ]

    def find(self, staff_id: str) -> SignInPerson | None:
        """The person of this staff id, if there is one."""
        return self._by_id.get(staff_id)


def _sign_in_person(person: Person, unit_names: dict[str, str]) -> SignInPerson:
    parts = [" and ".join(_ROLE_WORDS[role] for role in person.roles)]
    if person.unit:
        parts.append(unit_names[person.unit])
    if person.practitioner:
        parts.append(_practice_words(person.practitioner))
    if person.ends_on:
        parts.append(f"until {person.ends_on.day} {person.ends_on:%B %Y}")
    text = "; ".join(parts)
    return SignInPerson(
        staff_id=person.id,
        name=person.name,
        roles=tuple(person.roles),
        agency_id=person.agency,
        unit_id=person.unit or "",
        description=text[0].upper() + text[1:],
    )


def _practice_words(practitioner: Practitioner) -> str:
    words = [f"{practitioner.level} level", practitioner.employment]
    words += [specialism.replace("_", " ") for specialism in practitioner.specialisms]
    languages = ", ".join(_LANGUAGE_WORDS.get(code, code) for code in practitioner.languages)
    return f"{', '.join(words)}; speaks {languages}"
