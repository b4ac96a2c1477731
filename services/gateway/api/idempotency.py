"""How a repeated request is answered and not repeated: the caller's key, the update id and the digest made from it."""

from __future__ import annotations

import re
from hashlib import sha256

from starlette.requests import Request

from services.gateway.backends.form import Form
from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.step_request import StepReceipt

HEADER = "Idempotency-Key"
KEY_PATTERN = "^[ -~]{8,200}$"

_KEY = re.compile(r"[ -~]{8,200}")


def key_of(request: Request) -> str:
    """The request's key; raises `Refused`: `idempotency_key_missing` or `idempotency_key_malformed`."""
    key = request.headers.get(HEADER)
    if not key:
        sentence = "Give every request that changes something a key of its own, and the same key when you repeat it."
        raise Refused(Kind.INVALID, Refusal("idempotency_key_missing", sentence, field=HEADER, who="caller"))
    return checked_key(key)


def checked_key(key: str) -> str:
    """A key that is given, if it is well formed."""
    if not _KEY.fullmatch(key):
        sentence = "The key must be 8 to 200 printable ASCII characters."
        raise Refused(Kind.INVALID, Refusal("idempotency_key_malformed", sentence, field=HEADER, who="caller"))
    return key


def digest_of(*parts: str) -> bytes:
    """The SHA-256 of parts that cannot run into one another: none of them holds a NUL."""
    return sha256("\0".join(parts).encode()).digest()


def update_id_of(subject: str, case_id: str, key: str) -> str:
    """The id under which the engine and records know a request: opaque, and of no use to another caller."""
    return digest_of(subject, case_id, key).hex()


def request_digest(route: str, form: Form) -> str:
    """What was asked for, by meaning: spacing, order of fields and written-out defaults make no difference.

    Defaults are left out so that a field added in a later release does not make an old request look new.
    """
    content = form.__pydantic_serializer__.to_json(form, exclude_defaults=True)
    return sha256(route.encode() + b"\0" + content).hexdigest()


def check_same_request(receipt: StepReceipt, digest: str) -> None:
    """Raise `Refused(CONFLICT, idempotency_key_reused)` if the receipt was given for another request."""
    if receipt.request_digest != digest:
        raise key_reused()


def key_reused() -> Refused:
    """The refusal of a key that already stands for another request."""
    sentence = "This key was used for another request. Give this one a key of its own."
    return Refused(Kind.CONFLICT, Refusal("idempotency_key_reused", sentence, field=HEADER, who="caller"))
