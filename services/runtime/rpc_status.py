"""How a refusal travels over gRPC: one table of kinds and status codes, and google.rpc details for each reason."""

from __future__ import annotations

import grpc
import grpc.aio
from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from services.runtime.refusal import Kind, Refusal, Refused

DOMAIN = "rjhub"
# Status details travel as metadata: both ends must allow more than gRPC's 8 KiB for a form with many faults.
METADATA_BYTES_MAX = 64 * 1024
MESSAGE_BYTES_MAX = 4 * 1024 * 1024

_DETAILS_KEY = "grpc-status-details-bin"
_DETAILS_BYTES_MAX = 40 * 1024

CODE_OF_KIND: dict[Kind, grpc.StatusCode] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.CONFLICT: grpc.StatusCode.ALREADY_EXISTS,
    Kind.NOT_ALLOWED_NOW: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.TOO_LARGE: grpc.StatusCode.OUT_OF_RANGE,
    Kind.TOO_MANY: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
}
_KIND_OF_CODE = {code: kind for kind, code in CODE_OF_KIND.items()}

_SERVICE_UNAVAILABLE = Refusal(
    "service_unavailable", "A part of the system is not answering just now. Try again shortly.", who="operator"
)
_MESSAGE_TOO_LARGE = Refusal("message_too_large", "What was sent or asked for is larger than 4 MiB.", who="caller")
# What gRPC itself may answer, without any reason of ours.
_BARE: dict[grpc.StatusCode, tuple[Kind, Refusal]] = {
    grpc.StatusCode.UNIMPLEMENTED: (
        Kind.UNAVAILABLE,
        Refusal("method_unknown", "The other service does not offer this call yet.", who="operator"),
    ),
    grpc.StatusCode.INTERNAL: (
        Kind.UNAVAILABLE,
        Refusal("internal_error", "Something failed in another part of the system.", who="operator"),
    ),
    grpc.StatusCode.RESOURCE_EXHAUSTED: (Kind.TOO_LARGE, _MESSAGE_TOO_LARGE),
    grpc.StatusCode.OUT_OF_RANGE: (Kind.TOO_LARGE, _MESSAGE_TOO_LARGE),
    grpc.StatusCode.UNAUTHENTICATED: (
        Kind.UNAUTHENTICATED,
        Refusal("unauthenticated", "Sign in first.", field="authorization", who="caller"),
    ),
    grpc.StatusCode.PERMISSION_DENIED: (Kind.FORBIDDEN, Refusal("forbidden", "This is not allowed.")),
    grpc.StatusCode.INVALID_ARGUMENT: (Kind.INVALID, Refusal("invalid", "The request is not valid.", who="caller")),
    grpc.StatusCode.NOT_FOUND: (Kind.NOT_FOUND, Refusal("not_found", "There is no such thing.")),
    grpc.StatusCode.ALREADY_EXISTS: (Kind.CONFLICT, Refusal("conflict", "It exists already.")),
    grpc.StatusCode.FAILED_PRECONDITION: (
        Kind.NOT_ALLOWED_NOW,
        Refusal("not_allowed_now", "This cannot be done just now."),
    ),
}


def encode(refused: Refused) -> tuple[grpc.StatusCode, str, tuple[tuple[str, bytes], ...]]:
    """Answer the status code, its message (the codes alone) and the trailing metadata that say a refusal."""
    code = CODE_OF_KIND[refused.kind]
    details: list[Any] = []
    size_bytes = 0
    for refusal in refused.refusals:
        detail = Any()
        detail.Pack(_error_info(refusal))
        size_bytes += detail.ByteSize()
        if details and size_bytes > _DETAILS_BYTES_MAX:
            break
        details.append(detail)
    message = ", ".join(refusal.code for refusal in refused.refusals[: len(details)])
    number, _ = code.value
    status = Status(code=number, message=message, details=details)
    return code, message, ((_DETAILS_KEY, status.SerializeToString()),)


def decode(error: grpc.aio.AioRpcError) -> Refused:
    """Answer the refusal a failed call stands for: ours word for word, or a coded one for what gRPC itself said."""
    refusals = _refusals(error)
    kind = _KIND_OF_CODE.get(error.code())
    if refusals and kind is not None:
        return Refused(kind, *refusals)
    bare_kind, refusal = _BARE.get(error.code(), (Kind.UNAVAILABLE, _SERVICE_UNAVAILABLE))
    return Refused(bare_kind, *(refusals or (refusal,)))


def _error_info(refusal: Refusal) -> ErrorInfo:
    return ErrorInfo(
        reason=refusal.code,
        domain=DOMAIN,
        metadata={"field": refusal.field, "sentence": refusal.sentence, "who": refusal.who},
    )


def _refusals(error: grpc.aio.AioRpcError) -> tuple[Refusal, ...]:
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        return ()
    refusals = []
    for detail in status.details if status is not None else ():
        info = ErrorInfo()
        if detail.Unpack(info) and info.domain == DOMAIN:
            said = info.metadata
            refusals.append(
                Refusal(info.reason, said.get("sentence", ""), field=said.get("field", ""), who=said.get("who", ""))
            )
    return tuple(refusals)
