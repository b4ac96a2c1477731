"""Hands a case's messages to notifications, which alone finds the address and sends."""

from __future__ import annotations

from datetime import datetime

from rjhub.notifications.v1 import notifications_pb2, notifications_pb2_grpc
from temporalio import activity

from services.runtime.identity import ServiceTokens
from services.runtime.refusal import Refused
from services.runtime.rpc_channel import RpcCall
from workflows.activities.failures import as_failure
from workflows.activities.instant import from_timestamp, to_timestamp
from workflows.contracts.intention import Delivery, SendMessage
from workflows.contracts.vocabulary import DeliveryOutcome

_TIMEOUT_SECONDS = 15.0


class MessageActivities:
    """The worker's hand on notifications."""

    def __init__(
        self, stub: notifications_pb2_grpc.NotificationsServiceAsyncStub, call: RpcCall, tokens: ServiceTokens
    ) -> None:
        """Use the notifications service's stub with the worker's own token."""
        self._stub = stub
        self._call = call
        self._tokens = tokens

    @activity.defn
    async def deliver(self, message: SendMessage, at: datetime) -> Delivery:
        """Have a message sent at most once, judged at the case's time `at`; says what became of it."""
        request = notifications_pb2.DeliverRequest(
            intention_id=message.intention_id,
            case_id=message.case_id,
            person_id=message.person_id,
            template=message.template,
            at=to_timestamp(at),
            parameters=message.parameters,
            point_id=message.point_id,
        )
        try:
            response = await self._call.call(
                self._stub.Deliver, request, token=await self._tokens.token(), timeout_seconds=_TIMEOUT_SECONDS
            )
        except Refused as refused:
            raise as_failure(refused) from None
        match response.WhichOneof("outcome"):
            case "sent":
                return Delivery(outcome=DeliveryOutcome.SENT, channel=response.sent.channel)
            case "not_before":
                return Delivery(outcome=DeliveryOutcome.NOT_YET, not_before=from_timestamp(response.not_before))
            case "handed_to_person":
                return Delivery(outcome=DeliveryOutcome.HANDED_TO_PERSON, reason=response.handed_to_person.reason)
            case None:
                # A newer notifications may know an outcome this worker does not: a person looks at it.
                return Delivery(outcome=DeliveryOutcome.HANDED_TO_PERSON, reason="outcome_unknown")
