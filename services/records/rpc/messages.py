"""People and contact rules of the records service between their messages and the domain."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.records.v1 import records_pb2

from services.records.domain.case_access import GrantSubject
from services.records.domain.contact import Channel, ContactRule, Safety, contact_faults
from services.records.domain.person import Note, PartyRole, Person
from services.runtime.fields import FieldReader

Choice = TypeVar("Choice")

_NAME_CHARACTERS_MAX = 200
_NEEDS_CHARACTERS_MAX = 2_000
_ADDRESS_CHARACTERS_MAX = 500
_DEFAULT_LANGUAGE = "en"

PARTY_ROLES: dict[int, PartyRole] = {
    records_pb2.PARTY_ROLE_HARMED: PartyRole.HARMED,
    records_pb2.PARTY_ROLE_RESPONSIBLE: PartyRole.RESPONSIBLE,
    records_pb2.PARTY_ROLE_BOTH: PartyRole.BOTH,
    records_pb2.PARTY_ROLE_SUPPORTER: PartyRole.SUPPORTER,
}
CHANNELS: dict[int, Channel] = {
    records_pb2.CHANNEL_EMAIL: Channel.EMAIL,
    records_pb2.CHANNEL_SMS: Channel.SMS,
    records_pb2.CHANNEL_PHONE: Channel.PHONE,
    records_pb2.CHANNEL_VOICEMAIL: Channel.VOICEMAIL,
    records_pb2.CHANNEL_LETTER: Channel.LETTER,
    records_pb2.CHANNEL_VISIT: Channel.VISIT,
    records_pb2.CHANNEL_THIRD_PARTY: Channel.THIRD_PARTY,
}
# Unspecified is no fault here: whoever was not asked is not known to be safe.
SAFETIES: dict[int, Safety] = {
    records_pb2.SAFETY_UNSPECIFIED: Safety.UNKNOWN,
    records_pb2.SAFETY_SAFE: Safety.SAFE,
    records_pb2.SAFETY_NOT_SAFE: Safety.NOT_SAFE,
    records_pb2.SAFETY_UNKNOWN: Safety.UNKNOWN,
}
GRANT_SUBJECTS: dict[int, GrantSubject] = {
    records_pb2.GRANT_SUBJECT_STAFF: GrantSubject.STAFF,
    records_pb2.GRANT_SUBJECT_UNIT: GrantSubject.UNIT,
    records_pb2.GRANT_SUBJECT_HUB: GrantSubject.HUB,
}


def _numbers(choices: dict[int, Choice]) -> dict[Choice, int]:
    return {choice: number for number, choice in choices.items()}


_PARTY_ROLES = _numbers(PARTY_ROLES)
_CHANNELS = _numbers(CHANNELS)
_SAFETIES = _numbers(SAFETIES)


def read_person(fields: FieldReader, message: records_pb2.Person, path: str) -> Person:
    """A person to register; the id is the database's to make."""
    if message.person_id:
        fields.refuse("person_id_given", "A new person's id is made here.", f"{path}.person_id")
    contact = [read_contact_rule(fields, rule, f"{path}.contact[{i}]") for i, rule in enumerate(message.contact)]
    if len({rule.channel for rule in contact}) < len(contact):
        fields.refuse("channel_repeated", "One rule is kept for each channel.", f"{path}.contact")
    return Person(
        person_id="",
        role=fields.choice(message.role, f"{path}.role", PARTY_ROLES),
        name=fields.text(
            message.name, f"{path}.name", characters_max=_NAME_CHARACTERS_MAX, optional=True, one_line=True
        ),
        date_of_birth=fields.day(message.date_of_birth, f"{path}.date_of_birth", optional=True),
        language=fields.language(message.language, f"{path}.language", default=_DEFAULT_LANGUAGE),
        interpreter_needed=message.interpreter_needed,
        needs=fields.text(message.needs, f"{path}.needs", characters_max=_NEEDS_CHARACTERS_MAX, optional=True),
        contact=tuple(contact),
    )


def read_contact_rule(fields: FieldReader, message: records_pb2.ContactRule, path: str) -> ContactRule:
    """A contact rule; whatever is wrong with it is refused by field."""
    refused_before = len(fields.refusals)
    letter = message.channel == records_pb2.CHANNEL_LETTER
    rule = ContactRule(
        channel=fields.choice(message.channel, f"{path}.channel", CHANNELS),
        address=fields.text(
            message.address.strip(),
            f"{path}.address",
            characters_max=_ADDRESS_CHARACTERS_MAX,
            optional=True,
            one_line=not letter,
        ),
        safety=fields.choice(message.safety, f"{path}.safety", SAFETIES),
        confirmed_on=fields.day(message.confirmed_on, f"{path}.confirmed_on", optional=True),
        safe_from_hour=message.safe_from_hour,
        safe_until_hour=message.safe_until_hour,
        safe_weekdays=frozenset(message.safe_weekdays),
        may_name_service=message.may_name_service,
    )
    # What the fields themselves got wrong says enough; judging an emptied rule on top would mislead.
    if len(fields.refusals) == refused_before:
        fields.refusals.extend(replace(fault, field=f"{path}.{fault.field}") for fault in contact_faults(rule))
    return rule


def write_person(person: Person) -> records_pb2.Person:
    """A person as their message."""
    return records_pb2.Person(
        person_id=person.person_id,
        role=records_pb2.PartyRole.ValueType(_PARTY_ROLES[person.role]),
        name=person.name,
        date_of_birth=person.date_of_birth.isoformat() if person.date_of_birth else "",
        language=person.language,
        interpreter_needed=person.interpreter_needed,
        needs=person.needs,
        contact=map(_write_contact_rule, person.contact),
    )


def write_channel(channel: Channel) -> records_pb2.Channel.ValueType:
    """A channel as its number."""
    return records_pb2.Channel.ValueType(_CHANNELS[channel])


def write_note(note: Note) -> records_pb2.Note:
    """A note as its message."""
    return records_pb2.Note(
        note_id=note.note_id,
        person_id=note.person_id,
        author_id=note.author_id,
        written_at=write_moment(note.written_at),
        text=note.text,
    )


def write_moment(moment: datetime) -> Timestamp:
    """An aware time as its message."""
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def _write_contact_rule(rule: ContactRule) -> records_pb2.ContactRule:
    return records_pb2.ContactRule(
        channel=write_channel(rule.channel),
        address=rule.address,
        safety=records_pb2.Safety.ValueType(_SAFETIES[rule.safety]),
        confirmed_on=rule.confirmed_on.isoformat() if rule.confirmed_on else "",
        safe_from_hour=rule.safe_from_hour,
        safe_until_hour=rule.safe_until_hour,
        safe_weekdays=sorted(rule.safe_weekdays),
        may_name_service=rule.may_name_service,
    )
