"""How a process of ours speaks to the durable engine: one plugin with converter, encryption and sandbox settings.

The same plugin object serves client, worker and replay tests, so that what is tested is what runs (temporal.md 1.17).
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import temporalio.api.common.v1 as temporal_common
import temporalio.client
import temporalio.worker
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from opentelemetry.sdk.resources import Resource
from temporalio.client import Client, GrpcCompression, HeaderCodecBehavior
from temporalio.contrib.opentelemetry import (
    ReplaySafeTracerProvider,
    create_tracer_provider,
)
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    ActivitySerializationContext,
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    PayloadConverter,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

_ENCODING = b"binary/rjhub-aes256gcm"
_NONCE_BYTES = 12
_NONCES_DRAWN = 64
_KEY_BYTES = 32
# Converters kept at hand: as many as cases are active in a while, at a few hundred bytes each.
_BOUND_MAX = 2000


class PayloadKeyError(Exception):
    """A payload cannot be read: its key is not in the ring, it belongs to another workflow, or it was altered."""


@dataclasses.dataclass(frozen=True, slots=True)
class PayloadKeys:
    """The key ring for payloads: one key encrypts, all decrypt. Rotating is adding a key, then making it primary."""

    primary_id: str
    keys: Mapping[str, bytes] = dataclasses.field(repr=False)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read `{"primary": id, "keys": {id: base64 of 32 bytes}}`; raises PayloadKeyError naming what is wrong."""
        try:
            ring = json.loads(file.read_text(encoding="utf-8"))
            keys = {key_id: base64.b64decode(text, validate=True) for key_id, text in ring["keys"].items()}
            primary_id = ring["primary"]
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise PayloadKeyError(f"the payload key file cannot be read ({type(error).__name__})") from None
        if primary_id not in keys or any(len(key) != _KEY_BYTES for key in keys.values()):
            raise PayloadKeyError("the payload key file names no primary key, or a key is not 32 bytes long")
        return cls(primary_id, keys)


class _Nonces:
    """Random nonces, drawn from the system many at a time: one at a time is the dearest part of a small encryption."""

    def __init__(self) -> None:
        self._drawn = b""
        self._lock = threading.Lock()

    def take(self) -> bytes:
        with self._lock:
            if not self._drawn:
                self._drawn = os.urandom(_NONCE_BYTES * _NONCES_DRAWN)
            nonce, self._drawn = self._drawn[:_NONCE_BYTES], self._drawn[_NONCE_BYTES:]
            return nonce


class EncryptingCodec(PayloadCodec, WithSerializationContext):
    """Encrypts every payload with AES-256-GCM and binds it to the workflow it belongs to.

    What was encrypted for one case cannot be passed off as another's: the owner is authenticated with the ciphertext,
    and checked wherever the engine tells whose payload is being read. Payloads in clear are refused.
    """

    def __init__(self, keys: PayloadKeys, owner: str = "") -> None:
        """Use the ring's keys; `owner` is the workflow id, where it is known."""
        self._keys = keys
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.keys.items()}
        self._nonces = _Nonces()
        self._owner = owner

    def with_context(self, context: SerializationContext) -> EncryptingCodec:
        """Answer this codec bound to the workflow the context names."""
        bound = EncryptingCodec.__new__(EncryptingCodec)
        bound._keys, bound._ciphers, bound._nonces = self._keys, self._ciphers, self._nonces
        bound._owner = _owner_of(context)
        return bound

    async def encode(self, payloads: Sequence[temporal_common.Payload]) -> list[temporal_common.Payload]:
        """Encrypt each payload whole, its metadata too."""
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[temporal_common.Payload]) -> list[temporal_common.Payload]:
        """Decrypt each payload; raises PayloadKeyError for one that is not ours, not this workflow's, or altered."""
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: temporal_common.Payload) -> temporal_common.Payload:
        nonce = self._nonces.take()
        owner = self._owner.encode()
        cipher = self._ciphers[self._keys.primary_id]
        return temporal_common.Payload(
            metadata={"encoding": _ENCODING, "key": self._keys.primary_id.encode(), "owner": owner},
            data=nonce + cipher.encrypt(nonce, payload.SerializeToString(), owner),
        )

    def _decrypted(self, payload: temporal_common.Payload) -> temporal_common.Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            raise PayloadKeyError("a payload is not encrypted")
        owner = payload.metadata.get("owner", b"")
        if owner and self._owner and owner.decode() != self._owner:
            raise PayloadKeyError("a payload belongs to another workflow")
        cipher = self._ciphers.get(payload.metadata.get("key", b"").decode())
        if cipher is None:
            raise PayloadKeyError("a payload's key is not in the key ring")
        try:
            clear = cipher.decrypt(payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:], owner)
        except InvalidTag:
            raise PayloadKeyError("a payload was altered") from None
        return temporal_common.Payload.FromString(clear)


@dataclasses.dataclass(frozen=True)
class BoundDataConverter(DataConverter):
    """A data converter that makes itself for each workflow once, not for each payload as the SDK's own does.

    Only the codec depends on the context, and of that only on the workflow; it was a tenth of a worker's profile.
    """

    bound: OrderedDict[str, Self] = dataclasses.field(default_factory=OrderedDict, compare=False, repr=False)

    def with_context(self, context: SerializationContext) -> Self:
        """Answer the converter bound to the workflow the context names, from those made before if it is among them."""
        owner = _owner_of(context)
        converter = self.bound.get(owner)
        if converter is None:
            converter = self.bound[owner] = super().with_context(context)
            if len(self.bound) > _BOUND_MAX:
                self.bound.popitem(last=False)
        return converter


def _owner_of(context: SerializationContext) -> str:
    """The workflow id a context names; empty for one that belongs to no workflow."""
    if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
        return context.workflow_id or ""
    return ""


def _converter_with_shared_adapters() -> type[PayloadConverter]:
    """A pydantic payload converter all of whose instances share their type adapters.

    The engine makes a converter for every case and every task. With adapters of its own each would compile the step and
    state types anew: tens of milliseconds for a case's first step, and memory for every case that is kept at hand.
    """
    shared = tuple(PydanticPayloadConverter().converters.values())

    class SharedAdaptersConverter(CompositePayloadConverter):
        def __init__(self) -> None:
            super().__init__(*shared)

    return SharedAdaptersConverter


def prepare_types(client: Client, *types: type) -> None:
    """Compile the type adapters of what will be read before the first request waits for it.

    Compiling the steps and the state takes about as long as replaying several hundred events.
    """
    converter = client.data_converter.payload_converter
    for one in types:
        nothing = temporal_common.Payload(metadata={"encoding": b"json/plain"}, data=b"null")
        with contextlib.suppress(Exception):  # no type of ours reads nothing; its adapter is made all the same
            converter.from_payload(nothing, one)


class DurablePlugin(SimplePlugin):
    """Everything client, worker and replayer must agree on, as one object.

    It holds no tracing: a step carries its own trace context (workflows/case/tracing.py), since the SDK's interceptors
    keep theirs in headers, which cost every step several encrypted payloads more.
    """

    def __init__(self, keys: PayloadKeys, replay_safe: Sequence[str] = ()) -> None:
        """Build converter, codec, encoded failures and sandbox settings from the key ring.

        `replay_safe` names the modules a workflow uses that need no sandbox; who runs no workflow names none.
        """
        super().__init__(
            "rjhub.DurablePlugin",
            data_converter=BoundDataConverter(
                payload_converter_class=_converter_with_shared_adapters(),
                payload_codec=EncryptingCodec(keys),
                failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
            ),
            workflow_runner=partial(_sandboxed, replay_safe=replay_safe),
        )

    def configure_client(self, config: temporalio.client.ClientConfig) -> temporalio.client.ClientConfig:
        """Encrypt headers too, should anything ever travel in them."""
        config = super().configure_client(config)
        config["header_codec_behavior"] = HeaderCodecBehavior.CODEC
        return config

    def configure_replayer(self, config: temporalio.worker.ReplayerConfig) -> temporalio.worker.ReplayerConfig:
        """Read encrypted headers in replay as the worker does."""
        config = super().configure_replayer(config)
        config["header_codec_behavior"] = HeaderCodecBehavior.CODEC
        return config


def _sandboxed(runner: WorkflowRunner | None, *, replay_safe: Sequence[str]) -> WorkflowRunner:
    if not isinstance(runner, SandboxedWorkflowRunner):
        return runner or SandboxedWorkflowRunner()
    restrictions: Any = runner.restrictions.with_passthrough_modules("opentelemetry", *replay_safe)
    return dataclasses.replace(runner, restrictions=restrictions)


def durable_tracer_provider(resource: Resource) -> ReplaySafeTracerProvider:
    """The tracer provider of a process that runs workflows: a replay tells no span twice."""
    return create_tracer_provider(resource=resource, shutdown_on_exit=False)


async def connect(
    *, address: str, namespace: str, payload_keys_file: Path, identity: str, replay_safe: Sequence[str] = ()
) -> Client:
    """Connect to the engine with the plugin; raises PayloadKeyError for a bad key file, RuntimeError when unreachable.

    `identity` is shown in clear by the engine, so it names the process and nothing else. No compression: the hop is
    short, and it costs 5 % of a step (temporal.md 5.2).
    """
    return await Client.connect(
        address,
        namespace=namespace,
        identity=identity,
        plugins=[DurablePlugin(PayloadKeys.read(payload_keys_file), replay_safe)],
        grpc_compression=GrpcCompression.NONE,
    )
