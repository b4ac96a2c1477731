"""What a single-use link stands for, as the notifications service that made it knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import grpc.aio
from rjhub.notifications.v1 import notifications_pb2 as pb
from rjhub.notifications.v1 import notifications_pb2_grpc

from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.rpc_channel import RpcCall

_TIMEOUT_SECONDS = 5.0
_TOKEN = re.compile(r"[A-Za-z0-9_.~-]{8,256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whose link it is, and for which follow-up point of which case."""

    case_id: str = field(repr=False)
    person_id: str
    point_id: str
    language: str


class Links:
    """The links of the notifications service; whoever holds one has no token, so the gateway asks as itself."""

    def __init__(self, channel: grpc.aio.Channel, rpc: RpcCall, tokens: ServiceTokens) -> None:
        """Call through `channel` with the gateway's own token."""
        self._stub = notifications_pb2_grpc.NotificationsServiceStub(channel)
        self._rpc = rpc
        self._tokens = tokens

    async def resolve(self, token: str) -> Link:
        """What the link stands for; raises `Refused(NOT_FOUND, link_unknown)` alike for all that is no link of ours."""
        if not _TOKEN.fullmatch(token):
            raise link_unknown()
        request = pb.ResolveLinkRequest(token=token)
        try:
            answer = await self._rpc.call(
                self._stub.ResolveLink, request, token=await self._tokens.token(), timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            if refused.kind in (Kind.NOT_FOUND, Kind.INVALID, Kind.NOT_ALLOWED_NOW):
                raise link_unknown() from None
            raise
        return Link(
            case_id=answer.case_id,
            person_id=answer.person_id,
            point_id=answer.point_id,
            language=answer.language,
        )


def link_unknown() -> Refused:
    """The one answer to every wrong token, so that guessing tells nothing."""
    sentence = "This link does not work. Check that it is whole, or call the number in the message."
    return Refused(Kind.NOT_FOUND, Refusal("link_unknown", sentence, who="caller"))
