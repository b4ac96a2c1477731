"""The gRPC face of notifications: reads each request, asks the use case, writes the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc.aio
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.notifications.v1 import notifications_pb2, notifications_pb2_grpc

from services.notifications.domain.contact import NotBefore
from services.notifications.domain.intention import Intention
from services.notifications.domain.outcome import HandedToPerson, Sent
from services.notifications.domain.template import Template
from services.notifications.use_cases.deliver_message import DeliverMessage
from services.notifications.use_cases.resolve_link import ResolveLink
from services.runtime.fields import reading_fields

Context = grpc.aio.ServicerContext[Any, Any]

_PARAMETERS_MAX = 20
_VALUE_CHARACTERS_MAX = 80


class NotificationsServicer(notifications_pb2_grpc.NotificationsServiceServicer):
    """The three calls of notifications."""

    def __init__(
        self, deliver_message: DeliverMessage, resolve_link: ResolveLink, templates: Mapping[str, Template]
    ) -> None:
        self._deliver_message = deliver_message
        self._resolve_link = resolve_link
        self._templates = templates

    async def Deliver(
        self, request: notifications_pb2.DeliverRequest, context: Context
    ) -> notifications_pb2.DeliverResponse:
        """Send one intended message at most once, or say why not."""
        outcome = await self._deliver_message(_intention(request))
        match outcome:
            case Sent():
                sent = notifications_pb2.Sent(message_id=outcome.message_id, channel=outcome.channel)
                return notifications_pb2.DeliverResponse(sent=sent)
            case NotBefore():
                at = Timestamp()
                at.FromDatetime(outcome.at)
                return notifications_pb2.DeliverResponse(not_before=at)
            case HandedToPerson():
                handed = notifications_pb2.HandedToPerson(reason=outcome.reason)
                return notifications_pb2.DeliverResponse(handed_to_person=handed)

    async def ResolveLink(
        self, request: notifications_pb2.ResolveLinkRequest, context: Context
    ) -> notifications_pb2.ResolveLinkResponse:
        """Answer what a link stands for."""
        link = await self._resolve_link(request.token)
        return notifications_pb2.ResolveLinkResponse(
            case_id=link.case_id, person_id=link.person_id, point_id=link.point_id, language=link.language
        )

    async def ListTemplates(
        self, request: notifications_pb2.ListTemplatesRequest, context: Context
    ) -> notifications_pb2.ListTemplatesResponse:
        """List the templates in force by name."""
        return notifications_pb2.ListTemplatesResponse(
            templates=[
                notifications_pb2.Template(
                    name=template.name,
                    purpose=template.purpose,
                    audience=template.audience,
                    languages=sorted(template.translations),
                    version=template.version,
                )
                for _, template in sorted(self._templates.items())
            ]
        )


def _intention(request: notifications_pb2.DeliverRequest) -> Intention:
    with reading_fields("worker") as fields:
        fields.at_most(len(request.parameters), "parameters", high=_PARAMETERS_MAX)
        for name, value in request.parameters.items():
            fields.identifier(name, "parameters")
            fields.text(value, "parameters", characters_max=_VALUE_CHARACTERS_MAX, one_line=True)
        return Intention(
            intention_id=fields.request_key(request.intention_id, "intention_id"),
            case_id=fields.identifier(request.case_id, "case_id"),
            person_id=fields.identifier(request.person_id, "person_id"),
            template=fields.identifier(request.template, "template"),
            at=fields.moment(request, "at"),
            parameters=dict(request.parameters),
            point_id=fields.identifier(request.point_id, "point_id", optional=True),
        )
