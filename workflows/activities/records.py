"""Tells records who may see a case."""

from __future__ import annotations

from rjhub.records.v1 import records_pb2, records_pb2_grpc
from temporalio import activity

from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import RpcCall
from workflows.activities.failures import as_passing_failure
from workflows.contracts.intention import PutAccess

_TIMEOUT_SECONDS = 10.0


class RecordsActivities:
    """The worker's hand on records: access lists only, never a name."""

    def __init__(self, stub: records_pb2_grpc.RecordsServiceAsyncStub, call: RpcCall, tokens: ServiceTokens) -> None:
        """Use the records service's stub with the worker's own token."""
        self._stub = stub
        self._call = call
        self._tokens = tokens

    @activity.defn
    async def put_access(self, access: PutAccess) -> None:
        """Set who may see the case; an older list than the one kept changes nothing."""
        grants = [
            records_pb2.Grant(subject=records_pb2.GRANT_SUBJECT_HUB),
            *(records_pb2.Grant(subject=records_pb2.GRANT_SUBJECT_STAFF, subject_id=one) for one in access.staff_ids),
            *(records_pb2.Grant(subject=records_pb2.GRANT_SUBJECT_UNIT, subject_id=one) for one in access.unit_ids),
        ]
        request = records_pb2.PutCaseAccessRequest(
            case_id=access.case_id, as_of_sequence=access.as_of_sequence, grants=grants
        )
        try:
            await self._call.call(
                self._stub.PutCaseAccess, request, token=await self._tokens.token(), timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            raise as_passing_failure(refused) from None
