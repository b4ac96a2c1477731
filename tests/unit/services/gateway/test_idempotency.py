"""Keys, update ids and the case ids made from them."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.gateway.api.body import case_id_from
from services.gateway.api.idempotency import checked_key, digest_of, update_id_of
from services.runtime.refusal import Refused


def test_an_update_id_depends_on_each_part_and_on_where_it_ends() -> None:
    ids = {
        update_id_of("S101", "c-1", "key-0001"),
        update_id_of("S102", "c-1", "key-0001"),
        update_id_of("S101", "c-2", "key-0001"),
        update_id_of("S101", "c-1", "key-0002"),
        update_id_of("S101c", "-1", "key-0001"),
    }
    assert len(ids) == 5
    assert update_id_of("S101", "c-1", "key-0001") in ids


def test_a_case_id_is_a_uuid_in_its_one_writing() -> None:
    case_id = case_id_from(digest_of("case", "S101", "key-0001"))
    assert str(UUID(case_id)) == case_id
    assert case_id == case_id_from(digest_of("case", "S101", "key-0001"))


@pytest.mark.parametrize("key", ["1234567", "x" * 201, "a key with \n in it", "schlüssel-1", "null\0null"])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="idempotency_key_malformed"):
        checked_key(key)


@pytest.mark.parametrize("key", ["12345678", "x" * 200, "a key with spaces"])
def test_a_good_key_is_taken(key: str) -> None:
    assert checked_key(key) == key
