"""Referrals and notes come in once, whatever is repeated, and go again only while nothing relies on them."""

from __future__ import annotations

import asyncio

import pytest
from rjhub.records.v1 import records_pb2 as pb

from services.runtime.refusal import Kind, Refused
from tests.integration.services.records.case import (
    COORDINATOR,
    GATEWAY,
    HUB,
    OTHER_REFERRER,
    REFERRER,
    Records,
    email,
    note,
    people,
    referral,
)
from tests.support.running_service import Someone


async def test_a_referral_is_kept_whole_and_in_order(records: Records) -> None:
    registered = await records.register()
    kept = await records.record()
    assert [person.person_id for person in kept.people] == list(registered.person_ids)
    expected = people()
    expected[1].language = "en"
    expected[0].contact[1].safety = pb.SAFETY_UNKNOWN
    expected[0].contact[1].safe_weekdays[:] = [1, 5]
    for person, given in zip(kept.people, expected, strict=True):
        given.person_id = person.person_id
        assert person == given
    assert kept.agency_reference == "Canary/2026"
    (narrative,) = kept.notes
    assert (narrative.note_id, narrative.text) == (registered.narrative_note_id, "Canary narrative")
    assert (narrative.author_id, narrative.person_id) == ("S3", "")
    assert narrative.HasField("written_at")


async def test_a_self_referral_has_no_author(records: Records) -> None:
    await records.register(GATEWAY)
    assert [kept.author_id for kept in (await records.record()).notes] == [""]


async def test_the_same_referral_again_is_answered_with_the_same_ids(records: Records) -> None:
    first = await records.register()
    assert await records.register() == first
    at_once = await asyncio.gather(*(records.register(case_id="C2", request_key="key-2") for _ in range(8)))
    assert len({tuple(answer.person_ids) for answer in at_once}) == 1
    assert await records.count("person") == 4
    assert await records.count("note") == 2


async def test_a_referral_without_words_has_no_note(records: Records) -> None:
    assert (await records.register(narrative="")).narrative_note_id == ""
    assert await records.register(narrative="") == await records.register(narrative="")
    assert await records.count("note") == 0


@pytest.mark.parametrize(
    ("caller", "changes", "code"),
    [
        (REFERRER, {"narrative": "Another"}, "idempotency_key_reused"),
        (REFERRER, {"case_id": "C2"}, "idempotency_key_reused"),
        (REFERRER, {"request_key": "key-2"}, "case_id_taken"),
        (OTHER_REFERRER, {}, "case_id_taken"),
    ],
)
async def test_another_referral_under_a_taken_key_or_case_is_refused(
    records: Records, caller: Someone, changes: dict[str, str], code: str
) -> None:
    await records.register()
    with pytest.raises(Refused) as caught:
        await records.register(caller, **changes)
    assert (caught.value.kind, caught.value.codes) == (Kind.CONFLICT, (code,))
    assert await records.count("person") == 2


async def test_an_equal_key_of_another_caller_is_another_request(records: Records) -> None:
    first = await records.register()
    second = await records.register(OTHER_REFERRER, case_id="C2")
    assert set(first.person_ids).isdisjoint(second.person_ids)


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (pb.RegisterReferralRequest(), {"request_key_missing", "people_missing", "case_id_missing"}),
        (referral(people=[pb.Person()] * 21), {"people_too_many", "role_unspecified"}),
        (
            referral(people=[pb.Person(role=9, person_id="x", date_of_birth="x", language="!", name="a\nb")]),  # type: ignore[arg-type]  # a number no enum has
            {"role_unknown", "person_id_given", "date_of_birth_malformed", "language_malformed", "name_malformed"},
        ),
        (
            referral(
                people=[
                    pb.Person(
                        role=pb.PARTY_ROLE_HARMED,
                        name="x" * 201,
                        needs="x" * 2001,
                        contact=[pb.ContactRule(), email(address="x" * 501), email(confirmed_on="soon")],
                    )
                ]
            ),
            {
                "name_too_long",
                "needs_too_long",
                "channel_unspecified",
                "address_too_long",
                "confirmed_on_malformed",
                "channel_repeated",
            },
        ),
        (
            referral(people=[pb.Person(role=pb.PARTY_ROLE_HARMED, contact=[email(address="nowhere")])]),
            {"address_malformed"},
        ),
        (
            referral(narrative="x" * 20_001, agency_reference="a\x00"),
            {"narrative_too_long", "agency_reference_malformed"},
        ),
        (referral(case_id="Canary Street", request_key="a b"), {"case_id_malformed", "request_key_malformed"}),
    ],
)
async def test_a_faulty_referral_is_told_every_fault(
    records: Records, request_: pb.RegisterReferralRequest, codes: set[str]
) -> None:
    assert set(await records.service.codes(records.stub.RegisterReferral, request_, REFERRER)) == codes
    assert await records.count("referral_request") == 0


async def test_a_fault_names_its_place_and_who_can_mend_it(records: Records) -> None:
    with pytest.raises(Refused) as caught:
        await records.register(people=[people()[0], pb.Person(contact=[email(address="")])])
    faults = {(fault.code, fault.field): fault.who for fault in caught.value.refusals}
    assert faults == {
        ("role_unspecified", "people[1].role"): "caller",
        ("address_missing", "people[1].contact[0].address"): "caller",
    }


async def test_a_note_is_kept_once_with_its_author_and_side(records: Records) -> None:
    person_id = (await records.register()).person_ids[0]
    first = await records.add_note(COORDINATOR, person_id=person_id)
    assert await records.add_note(COORDINATOR, person_id=person_id) == first
    by_referrer = await records.add_note(REFERRER)
    by_person = await records.add_note(GATEWAY, person_id=person_id)
    kept = {kept.note_id: kept for kept in (await records.record()).notes}
    assert len(kept) == 4
    assert (kept[first].author_id, kept[first].person_id, kept[first].text) == ("S1", person_id, "Canary note")
    assert (kept[by_referrer].author_id, kept[by_referrer].person_id) == ("S3", "")
    assert (kept[by_person].author_id, kept[by_person].person_id) == ("", person_id)
    other_slot = await records.add_note(COORDINATOR, slot="answer", person_id=person_id)
    assert other_slot not in kept
    at_once = await asyncio.gather(*(records.add_note(COORDINATOR, request_key="note-2") for _ in range(8)))
    assert len(set(at_once)) == 1


async def test_another_text_under_the_same_key_and_slot_is_refused(records: Records) -> None:
    await records.register()
    await records.add_note(COORDINATOR)
    codes = await records.service.codes(records.stub.AddNote, note(text="Another"), COORDINATOR)
    assert codes == ("idempotency_key_reused",)


@pytest.mark.parametrize(
    ("request_", "caller", "codes"),
    [
        (pb.AddNoteRequest(), COORDINATOR, {"request_key_missing", "slot_missing", "case_id_missing", "text_missing"}),
        (note(text="x" * 20_001), COORDINATOR, {"text_too_long"}),
        (note(slot="referral.narrative"), COORDINATOR, {"slot_malformed"}),
        (note(person_id="P404"), COORDINATOR, {"unknown_person"}),
        (note(person_id="01890a5d-ac96-774b-bcce-b302099a8057"), COORDINATOR, {"unknown_person"}),
        (note(case_id="C404"), COORDINATOR, {"unknown_case"}),
        (note(case_id="C404"), GATEWAY, {"unknown_case"}),
        (note(), OTHER_REFERRER, {"unknown_case"}),
    ],
)
async def test_a_faulty_note_is_refused(
    records: Records, request_: pb.AddNoteRequest, caller: Someone, codes: set[str]
) -> None:
    await records.register()
    assert set(await records.service.codes(records.stub.AddNote, request_, caller)) == codes
    assert await records.count("note") == 1


async def test_a_person_of_another_case_is_no_person_of_this(records: Records) -> None:
    await records.register()
    other = await records.register(case_id="C2", request_key="key-2")
    asked = note(person_id=other.person_ids[0])
    assert await records.service.codes(records.stub.AddNote, asked, COORDINATOR) == ("unknown_person",)


async def discard(records: Records, caller: Someone, request_key: str) -> None:
    await records.service.call(records.stub.DiscardRequest, pb.DiscardRequestRequest(request_key=request_key), caller)


async def test_a_discarded_referral_leaves_nothing_and_may_come_again(records: Records) -> None:
    first = await records.register()
    await records.add_note(REFERRER, request_key="key-1")
    for _ in range(2):
        await discard(records, REFERRER, "key-1")
    for table in ("referral_request", "person", "contact_rule", "note"):
        assert await records.count(table) == 0, table
    again = await records.register(narrative="Another")
    assert set(again.person_ids).isdisjoint(first.person_ids)


async def test_nobody_discards_another_callers_request(records: Records) -> None:
    await records.register()
    await discard(records, OTHER_REFERRER, "key-1")
    await discard(records, REFERRER, "key-404")
    assert await records.count("person") == 2


async def test_a_case_that_began_or_was_written_into_stays(records: Records) -> None:
    await records.register()
    await records.grant(1, HUB)
    await discard(records, REFERRER, "key-1")
    await records.register(case_id="C2", request_key="key-2")
    await records.add_note(COORDINATOR, case_id="C2")
    await discard(records, REFERRER, "key-2")
    assert await records.count("person") == 4
    assert await records.count("note") == 3


async def test_a_discarded_note_is_gone_and_the_case_stays(records: Records) -> None:
    await records.register()
    await records.grant(1, HUB)
    await records.add_note(COORDINATOR)
    await discard(records, COORDINATOR, "note-1")
    assert len((await records.record()).notes) == 1


async def test_discarding_asks_for_a_key(records: Records) -> None:
    asked = pb.DiscardRequestRequest()
    assert await records.service.codes(records.stub.DiscardRequest, asked, REFERRER) == ("request_key_missing",)
