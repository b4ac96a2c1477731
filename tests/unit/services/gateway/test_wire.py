"""Enums of the protos and the words they have in JSON."""

from __future__ import annotations

import pytest
from rjhub.agencies.v1 import agencies_pb2
from rjhub.records.v1 import records_pb2

from services.gateway.backends.records import ReachableBy, Safety
from services.gateway.backends.wire import number_of, word_of, words_of
from workflows.contracts.vocabulary import PartyRole


@pytest.mark.parametrize(
    ("words", "enum"),
    [(ReachableBy, records_pb2.Channel), (Safety, records_pb2.Safety), (PartyRole, records_pb2.PartyRole)],
)
def test_our_words_are_those_of_the_protos(words: type[ReachableBy | Safety | PartyRole], enum: type) -> None:
    assert {str(word) for word in words} == set(words_of(enum).values())


def test_words_and_numbers_are_each_others() -> None:
    assert word_of(agencies_pb2.AgencyKind, agencies_pb2.AGENCY_KIND_YOUTH_JUSTICE) == "youth_justice"
    assert number_of(agencies_pb2.AgencyKind, "youth_justice") == agencies_pb2.AGENCY_KIND_YOUTH_JUSTICE
    assert word_of(agencies_pb2.AgencyKind, 0) == ""
    assert word_of(agencies_pb2.AgencyKind, 999) == ""
    assert number_of(agencies_pb2.AgencyKind, "unspecified") == number_of(agencies_pb2.AgencyKind, "") == 0
