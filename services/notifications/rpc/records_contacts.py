"""Asks records for a safe address: the only call one service makes to another."""

from __future__ import annotations

from datetime import UTC

from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.records.v1 import records_pb2, records_pb2_grpc

from services.notifications.domain.contact import Blocked, Contact, NotBefore, SafeContact
from services.notifications.domain.intention import Intention
from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.rpc_channel import RpcCall

_TIMEOUT_SECONDS = 5.0
_UNCLEAR = Blocked("contact_unclear")


class RecordsContacts:
    """Contacts as records judges them at the moment of sending."""

    def __init__(self, stub: records_pb2_grpc.RecordsServiceAsyncStub, tokens: ServiceTokens, call: RpcCall) -> None:
        """`tokens` are this service's own."""
        self._stub = stub
        self._tokens = tokens
        self._call = call

    async def resolve(self, intention: Intention) -> Contact:
        """How the person may be reached at the intention's time; an answer we cannot read is read as blocked.

        Raises `Refused(UNAVAILABLE, records_unavailable)` whenever records did not judge the question, whatever it
        said instead: not known is not safe.
        """
        at = Timestamp()
        at.FromDatetime(intention.at)
        request = records_pb2.ResolveContactRequest(case_id=intention.case_id, person_id=intention.person_id, at=at)
        try:
            token = await self._tokens.token()
            answer = await self._call.call(
                self._stub.ResolveContact, request, token=token, timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            sentence = "Records did not say how this person may safely be reached; nothing was sent."
            reason = Refusal("records_unavailable", sentence, who="operator")
            raise Refused(Kind.UNAVAILABLE, reason) from refused
        return _contact(answer)


def _contact(answer: records_pb2.ResolveContactResponse) -> Contact:
    match answer.WhichOneof("result"):
        case "safe":
            return _safe(answer.safe)
        case "not_before":
            try:
                return NotBefore(answer.not_before.ToDatetime(tzinfo=UTC))
            except (ValueError, OverflowError):
                return _UNCLEAR
        case "blocked_reason" if answer.blocked_reason:
            return Blocked(answer.blocked_reason)
        case _:
            return _UNCLEAR


def _safe(safe: records_pb2.SafeContact) -> Contact:
    if not safe.address or safe.channel == records_pb2.CHANNEL_UNSPECIFIED:
        return _UNCLEAR
    try:
        channel = records_pb2.Channel.Name(safe.channel).removeprefix("CHANNEL_").lower()
    except ValueError:
        return _UNCLEAR
    return SafeContact(channel, safe.address, safe.language, safe.may_name_service)
