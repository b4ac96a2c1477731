"""How a process calls a service: a channel that survives its restarts, and a call with token, deadline and trace."""

from __future__ import annotations

import json
from typing import TypeVar

import grpc
import grpc.aio
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.runtime import rpc_status
from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.rpc_status import MESSAGE_BYTES_MAX, METADATA_BYTES_MAX
from services.runtime.telemetry import tracer

_IDEMPOTENCY_KEY_CHARACTERS_MAX = 255
_PROPAGATOR = TraceContextTextMapPropagator()
# gRPC repeats a call only before any answer began; what a repeat must not do twice carries an idempotency key.
_RETRIES = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.1s",
                "maxBackoff": "1s",
                "backoffMultiplier": 3,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_send_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_metadata_size", METADATA_BYTES_MAX),
    ("grpc.absolute_max_metadata_size", METADATA_BYTES_MAX),
    ("grpc.service_config", json.dumps(_RETRIES)),
    ("grpc.service_config_disable_resolution", 1),
    # A service that was restarted is found again within a second.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
    ("grpc.enable_http_proxy", 0),
)

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


def open_channel(address: str) -> grpc.aio.Channel:
    """Open a channel to `host:port`; it connects on first use. Close it with `await channel.close()`."""
    return grpc.aio.insecure_channel(address, options=_OPTIONS)


class RpcCall:
    """Makes unary calls the way every process of ours does; one is enough for a process.

    The span is made here and not in an interceptor: interceptors of grpc.aio cost every call two more tasks.
    """

    def __init__(self) -> None:
        """Take the tracer of this process."""
        self._tracer = tracer(__name__)

    async def call(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[_Request, _Response],
        request: _Request,
        *,
        token: str,
        timeout_seconds: float,
        idempotency_key: str = "",
    ) -> _Response:
        """Call a stub's method as the token's owner and wait `timeout_seconds` at most, retries included.

        Raises `Refused` and nothing else: the service's own refusal as it was raised there, or UNAVAILABLE
        (`service_unavailable`, `method_unknown`, `internal_error`), TOO_LARGE (`message_too_large`),
        UNAUTHENTICATED (`token_malformed`), INVALID (`idempotency_key_malformed`).
        """
        path = _path(method)
        service, _, name = path.removeprefix("/").partition("/")
        span = self._tracer.start_span(
            path, kind=SpanKind.CLIENT, attributes={"rpc.system": "grpc", "rpc.service": service, "rpc.method": name}
        )
        try:
            metadata = _metadata(token, idempotency_key)
            _PROPAGATOR.inject(metadata, trace.set_span_in_context(span))
            return await method(request, timeout=timeout_seconds, metadata=tuple(metadata.items()))
        except grpc.aio.AioRpcError as error:
            refused = rpc_status.decode(error)
            number, _ = error.code().value
            span.set_attribute("rpc.grpc.status_code", number)
            span.set_attribute("rjhub.refused", str(refused))
            if refused.kind is Kind.UNAVAILABLE:
                span.set_status(StatusCode.ERROR)
            # Not "from error": gRPC's text names machines and ports, and a chained text travels further than a log.
            raise refused from None
        finally:
            span.end()


def _path(method: object) -> str:
    """Answer a stub method's path; grpc.aio keeps it, as bytes, in an attribute without a public name."""
    path = getattr(method, "_method", b"")
    return path.decode() if isinstance(path, bytes) else str(path)


def _metadata(token: str, idempotency_key: str) -> dict[str, str]:
    metadata = {}
    if token:
        if not _is_header(token):
            raise Refused(
                Kind.UNAUTHENTICATED,
                Refusal(
                    "token_malformed", "Sign in again: the token cannot be read.", field="authorization", who="caller"
                ),
            )
        metadata["authorization"] = f"Bearer {token}"
    if idempotency_key:
        if len(idempotency_key) > _IDEMPOTENCY_KEY_CHARACTERS_MAX or not _is_header(idempotency_key):
            raise Refused(
                Kind.INVALID,
                Refusal(
                    "idempotency_key_malformed",
                    "The idempotency key must be 1 to 255 printable ASCII characters.",
                    field="Idempotency-Key",
                    who="caller",
                ),
            )
        metadata["idempotency-key"] = idempotency_key
    return metadata


def _is_header(value: str) -> bool:
    """Say whether gRPC takes a value as metadata; for anything else it raises an error of its own."""
    return value.isascii() and value.isprintable()
