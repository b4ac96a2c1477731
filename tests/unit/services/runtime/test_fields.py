"""Reading a request's fields: every fault gets its code, and all of them are told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.records.v1 import records_pb2

from services.runtime.fields import FieldReader, parse_uuid, reading_fields
from services.runtime.refusal import Kind, Refused

Read = Callable[[FieldReader], object]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda f: f.identifier("S-1.a_b", "case_id"), "S-1.a_b"),
        (lambda f: f.identifier("", "case_id", optional=True), ""),
        (lambda f: f.request_key("8c7/a:b", "request_key"), "8c7/a:b"),
        (lambda f: f.language("", "language", default="en"), "en"),
        (lambda f: f.language("pa-Guru", "language"), "pa-Guru"),
        (lambda f: f.text("a\r\n\tb", "text", characters_max=5), "a\r\n\tb"),
        (lambda f: f.text("  ", "text", characters_max=5, optional=True), ""),
        (lambda f: f.day("2026-02-28", "confirmed_on"), date(2026, 2, 28)),
        (lambda f: f.day("", "confirmed_on", optional=True), None),
        (lambda f: f.number(3, "limit", low=0, high=3), 3),
        (lambda f: f.choice(1, "role", {1: "a"}), "a"),
    ],
)
def test_a_good_field_is_read(read: Read, expected: object) -> None:
    with reading_fields() as fields:
        found = read(fields)
    assert found == expected


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda f: f.identifier("", "case_id"), "case_id_missing"),
        (lambda f: f.identifier("a b", "case_id"), "case_id_malformed"),
        (lambda f: f.identifier("someone@example.org", "case_id"), "case_id_malformed"),
        (lambda f: f.identifier("x" * 65, "case_id"), "case_id_malformed"),
        (lambda f: f.request_key("a b", "request_key"), "request_key_malformed"),
        (lambda f: f.request_key("x" * 201, "request_key"), "request_key_malformed"),
        (lambda f: f.language("", "languages[1]"), "languages_missing"),
        (lambda f: f.language("e", "language"), "language_malformed"),
        (lambda f: f.language("en-" + "a" * 40, "language"), "language_malformed"),
        (lambda f: f.text(" \n", "text", characters_max=5), "text_missing"),
        (lambda f: f.text("123456", "text", characters_max=5), "text_too_long"),
        (lambda f: f.text("a\x00b", "text", characters_max=5), "text_malformed"),
        (lambda f: f.text("a\nb", "name", characters_max=5, one_line=True), "name_malformed"),
        (lambda f: f.day("", "confirmed_on"), "confirmed_on_missing"),
        (lambda f: f.day("2026-02-30", "confirmed_on"), "confirmed_on_malformed"),
        (lambda f: f.day("20260228", "confirmed_on"), "confirmed_on_malformed"),
        (lambda f: f.day("2026-W09-1", "confirmed_on"), "confirmed_on_malformed"),
        (lambda f: f.number(4, "limit", low=0, high=3), "limit_out_of_range"),
        (lambda f: f.choice(0, "people[0].role", {1: "a"}), "role_unspecified"),
        (lambda f: f.choice(9, "people[0].role", {1: "a"}), "role_unknown"),
        (lambda f: f.at_most(0, "people", low=1, high=2), "people_missing"),
        (lambda f: f.at_most(3, "people", low=1, high=2), "people_too_many"),
    ],
)
def test_a_fault_has_its_code(read: Read, code: str) -> None:
    with pytest.raises(Refused) as caught, reading_fields("administrator") as fields:
        read(fields)
    assert caught.value.kind is Kind.INVALID
    assert caught.value.codes == (code,)
    assert caught.value.refusals[0].who == "administrator"


def test_every_fault_is_told_with_its_place() -> None:
    def read(fields: FieldReader) -> None:
        fields.identifier("", "case_id")
        fields.choice(0, "people[3].role", {1: "a"}, who="referrer")

    with pytest.raises(Refused) as caught, reading_fields() as fields:
        read(fields)
    assert [(r.code, r.field, r.who) for r in caught.value.refusals] == [
        ("case_id_missing", "case_id", "caller"),
        ("role_unspecified", "people[3].role", "referrer"),
    ]


def test_a_sentence_never_repeats_what_was_sent() -> None:
    canary = "Canary Street 12\x00"

    def read(fields: FieldReader) -> None:
        fields.identifier(canary, "case_id")
        fields.text(canary, "text", characters_max=100)
        fields.day(canary, "confirmed_on")

    with pytest.raises(Refused) as caught, reading_fields() as fields:
        read(fields)
    assert not any("Canary" in f"{refusal}" for refusal in caught.value.refusals)


def test_a_moment_is_aware_and_must_be_there() -> None:
    asked = records_pb2.ResolveContactRequest(at=Timestamp(seconds=1_780_000_000))
    with reading_fields() as fields:
        assert fields.moment(asked, "at") == datetime.fromtimestamp(1_780_000_000, UTC)
    with pytest.raises(Refused, match="at_missing"), reading_fields() as fields:
        fields.moment(records_pb2.ResolveContactRequest(), "at")


@pytest.mark.parametrize("seconds", [-(2**62), 2**62, -62_135_596_800, 253_402_300_799])
def test_a_moment_outside_the_calendar_is_refused(seconds: int) -> None:
    asked = records_pb2.ResolveContactRequest(at=Timestamp(seconds=seconds))
    with pytest.raises(Refused, match="at_malformed"), reading_fields() as fields:
        fields.moment(asked, "at")


def test_an_id_is_parsed_or_is_none() -> None:
    assert parse_uuid("P1") is None
    assert str(parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057")) == "01890a5d-ac96-774b-bcce-b302099a8057"
