"""Payloads leave encrypted, bound to their workflow, under a key that can be rotated."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import WorkflowSerializationContext

from services.runtime.temporal import EncryptingCodec, PayloadKeyError, PayloadKeys

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
CANARY = b"canary-4711"


def _codec(primary: str = "old", **keys: bytes) -> EncryptingCodec:
    return EncryptingCodec(PayloadKeys(primary, keys or {"old": OLD}))


def _bound(codec: EncryptingCodec, workflow_id: str) -> EncryptingCodec:
    return codec.with_context(WorkflowSerializationContext(namespace="rjhub", workflow_id=workflow_id))


def _payload() -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=CANARY)


async def test_nothing_of_a_payload_is_left_in_clear() -> None:
    """Neither its data nor what it was encoded as."""
    (encrypted,) = await _codec().encode([_payload()])
    assert CANARY not in encrypted.SerializeToString()
    assert b"json/plain" not in encrypted.SerializeToString()
    assert await _codec().decode([encrypted]) == [_payload()]


async def test_the_same_payload_never_looks_the_same() -> None:
    """Equal contents cannot be recognised by comparing."""
    first, second = await _codec().encode([_payload(), _payload()])
    assert first.data != second.data


async def test_a_payload_of_another_case_is_refused() -> None:
    """What was encrypted for one case cannot be passed off as another's, nor its label be changed."""
    codec = _codec()
    (encrypted,) = await _bound(codec, "case-a").encode([_payload()])
    assert await _bound(codec, "case-a").decode([encrypted]) == [_payload()]
    assert await codec.decode([encrypted]) == [_payload()]  # an operator's tool knows no case; the label says it
    with pytest.raises(PayloadKeyError, match="another workflow"):
        await _bound(codec, "case-b").decode([encrypted])
    encrypted.metadata["owner"] = b"case-b"
    with pytest.raises(PayloadKeyError, match="altered"):
        await _bound(codec, "case-b").decode([encrypted])


async def test_keys_rotate_without_losing_what_was_written() -> None:
    """A new primary key writes; the old one still reads; without it nothing is guessed."""
    (written_before,) = await _codec().encode([_payload()])
    both = _codec("new", old=OLD, new=NEW)
    (written_after,) = await both.encode([_payload()])
    assert await both.decode([written_before, written_after]) == [_payload(), _payload()]
    with pytest.raises(PayloadKeyError, match="not in the key ring"):
        await _codec().decode([written_after])


async def test_a_payload_in_clear_is_refused() -> None:
    """Otherwise a codec that got lost would go unnoticed."""
    with pytest.raises(PayloadKeyError, match="not encrypted"):
        await _codec().decode([_payload()])


@pytest.mark.parametrize(
    "ring",
    [
        "",
        "{}",
        '{"primary": "a", "keys": {}}',
        json.dumps({"primary": "a", "keys": {"a": base64.b64encode(b"x").decode()}}),
    ],
)
def test_a_bad_key_file_is_refused_without_showing_it(tmp_path: Path, ring: str) -> None:
    """Too short, empty or no JSON: one sentence, no key in it."""
    file = tmp_path / "keys.json"
    file.write_text(ring)
    with pytest.raises(PayloadKeyError):
        PayloadKeys.read(file)


def test_keys_are_not_shown() -> None:
    """A key ring that is printed by mistake shows no key."""
    assert str(OLD) not in repr(PayloadKeys("old", {"old": OLD}))
