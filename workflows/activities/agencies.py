"""Takes and gives back places in facilitators' caseloads."""

from __future__ import annotations

from datetime import datetime

from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc
from temporalio import activity

from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import RpcCall
from workflows.activities.failures import as_failure, as_passing_failure
from workflows.activities.instant import to_timestamp
from workflows.contracts.intention import ReleaseCapacity, Reservation, ReserveCapacity

_TIMEOUT_SECONDS = 10.0


class AgenciesActivities:
    """The worker's hand on agencies."""

    def __init__(self, stub: agencies_pb2_grpc.AgenciesServiceAsyncStub, call: RpcCall, tokens: ServiceTokens) -> None:
        """Use the agencies service's stub with the worker's own token."""
        self._stub = stub
        self._call = call
        self._tokens = tokens

    @activity.defn
    async def reserve_capacity(self, wish: ReserveCapacity, at: datetime) -> Reservation:
        """Take a place, judged at the case's time `at`; the same wish again gets the same answer."""
        request = agencies_pb2.ReserveCapacityRequest(
            case_id=wish.case_id, episode=wish.episode, staff_id=wish.staff_id, at=to_timestamp(at)
        )
        try:
            response = await self._call.call(
                self._stub.ReserveCapacity, request, token=await self._tokens.token(), timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            raise as_failure(refused) from None
        return Reservation(reserved=response.reserved, reason=response.reason)

    @activity.defn
    async def release_capacity(self, gift: ReleaseCapacity) -> None:
        """Give a place back; giving back what is not held changes nothing."""
        request = agencies_pb2.ReleaseCapacityRequest(
            case_id=gift.case_id, episode=gift.episode, staff_id=gift.staff_id
        )
        try:
            await self._call.call(
                self._stub.ReleaseCapacity, request, token=await self._tokens.token(), timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            raise as_passing_failure(refused) from None
