"""Reads the records service's requests; whatever is wrong with one is `Refused(INVALID)`, all of it at once."""

from __future__ import annotations

from datetime import datetime

from rjhub.records.v1 import records_pb2

from services.records.domain.case_access import Grant, GrantSubject
from services.records.domain.contact import ContactRule
from services.records.domain.request import NewNote, Referral
from services.records.rpc.messages import GRANT_SUBJECTS, read_contact_rule, read_person
from services.runtime.fields import FieldReader, reading_fields

_PEOPLE_MAX = 20
_GRANTS_MAX = 500
_TEXT_CHARACTERS_MAX = 20_000
_REFERENCE_CHARACTERS_MAX = 200
_SEQUENCE_MAX = 2**62
_WORKER = "worker"


def read_referral(request: records_pb2.RegisterReferralRequest) -> tuple[str, Referral]:
    """The request key and the referral to register."""
    with reading_fields() as fields:
        request_key = fields.request_key(request.request_key, "request_key")
        fields.at_most(len(request.people), "people", low=1, high=_PEOPLE_MAX)
        referral = Referral(
            case_id=fields.identifier(request.case_id, "case_id"),
            people=tuple(read_person(fields, person, f"people[{i}]") for i, person in enumerate(request.people)),
            narrative=fields.text(request.narrative, "narrative", characters_max=_TEXT_CHARACTERS_MAX, optional=True),
            agency_reference=fields.text(
                request.agency_reference,
                "agency_reference",
                characters_max=_REFERENCE_CHARACTERS_MAX,
                optional=True,
                one_line=True,
            ),
        )
    return request_key, referral


def read_new_note(request: records_pb2.AddNoteRequest) -> tuple[str, NewNote]:
    """The request key and the note to add."""
    with reading_fields() as fields:
        request_key = fields.request_key(request.request_key, "request_key")
        note = NewNote(
            slot=fields.identifier(request.slot, "slot"),
            case_id=fields.identifier(request.case_id, "case_id"),
            person_id=fields.identifier(request.person_id, "person_id", optional=True),
            text=fields.text(request.text, "text", characters_max=_TEXT_CHARACTERS_MAX),
        )
        if "." in note.slot:
            fields.refuse("slot_malformed", "A slot is a word without dots.", "slot")
    return request_key, note


def read_request_key(request: records_pb2.DiscardRequestRequest) -> str:
    """The key of the request to discard."""
    with reading_fields() as fields:
        return fields.request_key(request.request_key, "request_key")


def read_case_id(request: records_pb2.GetCaseRecordRequest) -> str:
    """The case whose record is asked for."""
    with reading_fields() as fields:
        return fields.identifier(request.case_id, "case_id")


def read_rule_to_set(request: records_pb2.SetContactRuleRequest) -> tuple[str, str, ContactRule]:
    """The case, the person and the rule to keep for them."""
    with reading_fields() as fields:
        case_id = fields.identifier(request.case_id, "case_id")
        person_id = fields.identifier(request.person_id, "person_id")
        if not request.HasField("rule"):
            fields.refuse("rule_missing", "A contact rule must be given.", "rule")
        rule = read_contact_rule(fields, request.rule, "rule")
    return case_id, person_id, rule


def read_contact_question(request: records_pb2.ResolveContactRequest) -> tuple[str, str, datetime]:
    """The case, the person and the case's own time."""
    with reading_fields("notifications") as fields:
        case_id = fields.identifier(request.case_id, "case_id")
        person_id = fields.identifier(request.person_id, "person_id")
        at = fields.moment(request, "at")
    return case_id, person_id, at


def read_case_access(request: records_pb2.PutCaseAccessRequest) -> tuple[str, int, frozenset[Grant]]:
    """The case, how far into its ledger this goes, and who may see it from now on."""
    with reading_fields(_WORKER) as fields:
        case_id = fields.identifier(request.case_id, "case_id")
        as_of_sequence = fields.number(request.as_of_sequence, "as_of_sequence", low=0, high=_SEQUENCE_MAX)
        fields.at_most(len(request.grants), "grants", high=_GRANTS_MAX)
        grants = [_grant(fields, grant, f"grants[{i}]") for i, grant in enumerate(request.grants)]
    return case_id, as_of_sequence, frozenset(grants)


def _grant(fields: FieldReader, message: records_pb2.Grant, path: str) -> Grant:
    subject = fields.choice(message.subject, f"{path}.subject", GRANT_SUBJECTS)
    if subject is GrantSubject.HUB:
        if message.subject_id:
            fields.refuse("subject_id_given", "A grant to the hub names nobody.", f"{path}.subject_id")
        return Grant(subject, "")
    return Grant(subject, fields.identifier(message.subject_id, f"{path}.subject_id"))
