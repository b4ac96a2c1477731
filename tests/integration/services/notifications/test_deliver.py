"""Every outcome of a delivery, every refusal, and at most one message per intention."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import grpc
import pytest
from rjhub.notifications.v1 import notifications_pb2
from rjhub.records.v1 import records_pb2
from sqlalchemy import text

from services.notifications.rpc.permissions import PERMISSIONS
from services.runtime.refusal import Kind, Refused
from services.runtime.rpc_channel import RpcCall
from tests.support.notifications import (
    ADDRESS,
    AT,
    PUBLIC_URL,
    NotificationsSystem,
    safe,
    stamp,
    welfare,
)


async def rows(system: NotificationsSystem, query: str) -> list[tuple[object, ...]]:
    async with system.database.unit_of_work() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def status(system: NotificationsSystem, intention_id: str) -> object:
    found = await rows(system, f"SELECT status FROM intention WHERE intention_id = '{intention_id}'")
    return found[0][0] if found else None


async def refusal(system: NotificationsSystem, request: notifications_pb2.DeliverRequest) -> Refused:
    with pytest.raises(Refused) as caught:
        await system.deliver(request)
    return caught.value


def blocked(reason: str) -> records_pb2.ResolveContactResponse:
    return records_pb2.ResolveContactResponse(blocked_reason=reason)


async def test_a_safe_contact_gets_one_message(notifications: NotificationsSystem) -> None:
    answer = await notifications.deliver(welfare("sent"))
    [message] = notifications.outbox.messages.values()
    assert answer.sent == notifications_pb2.Sent(message_id=f"receipt-{message['id']}", channel="email")
    assert (message["to"], message["channel"], message["language"]) == (ADDRESS, "email", "en")
    assert (message["sender_name"], message["subject"]) == ("RJ Hub", "A message for you")
    assert re.search(rf"^{PUBLIC_URL}/r/[A-Za-z0-9_-]{{43}}$", message["body"], re.MULTILINE)
    assert await status(notifications, "sent") == "sent"


async def test_records_is_asked_by_the_service_itself_at_the_case_time(notifications: NotificationsSystem) -> None:
    later = AT + timedelta(days=400)
    await notifications.deliver(welfare("asked", later))
    [request] = notifications.records.requests
    assert (request.case_id, request.person_id, request.at) == ("case-1", "person-1", stamp(later))
    assert notifications.records.authorizations[-1].startswith("Bearer ")


async def test_a_final_outcome_is_answered_without_asking_anyone(notifications: NotificationsSystem) -> None:
    first = await notifications.deliver(welfare("final"))
    notifications.records.answer = blocked("no_safe_channel")
    assert await notifications.deliver(welfare("final", AT + timedelta(days=9))) == first
    assert len(notifications.records.requests) == 1
    assert notifications.outbox.requests == 1


@pytest.mark.parametrize("reason", ["no_safe_channel", "stale_safety", "unknown_person", "unknown_case"])
async def test_no_safe_way_means_a_person_for_good(notifications: NotificationsSystem, reason: str) -> None:
    notifications.records.answer = blocked(reason)
    assert (await notifications.deliver(welfare(f"blocked-{reason}"))).handed_to_person.reason == reason
    notifications.records.answer = safe()
    assert (await notifications.deliver(welfare(f"blocked-{reason}"))).handed_to_person.reason == reason
    assert notifications.outbox.messages == {}


async def test_outside_the_safe_hours_nothing_is_final(notifications: NotificationsSystem) -> None:
    opens_at = AT + timedelta(hours=20)
    notifications.records.answer = records_pb2.ResolveContactResponse(not_before=stamp(opens_at))
    for _ in range(2):
        assert (await notifications.deliver(welfare("later"))).not_before == stamp(opens_at)
    assert await status(notifications, "later") == "claimed"
    notifications.records.answer = safe()
    assert (await notifications.deliver(welfare("later", opens_at))).HasField("sent")


@pytest.mark.parametrize(
    "answer",
    [
        records_pb2.ResolveContactResponse(),
        blocked(""),
        safe(records_pb2.CHANNEL_UNSPECIFIED),
        safe(99),
        safe(address=""),
        records_pb2.ResolveContactResponse(not_before=stamp(AT)),
    ],
)
async def test_an_answer_nobody_understands_is_not_safe(
    notifications: NotificationsSystem, answer: records_pb2.ResolveContactResponse, request: pytest.FixtureRequest
) -> None:
    notifications.records.answer = answer
    intention_id = f"unclear-{abs(hash(request.node.name))}"
    assert (await notifications.deliver(welfare(intention_id))).handed_to_person.reason == "contact_unclear"
    assert notifications.outbox.messages == {}


@pytest.mark.parametrize(
    "channel", [records_pb2.CHANNEL_PHONE, records_pb2.CHANNEL_LETTER, records_pb2.CHANNEL_THIRD_PARTY]
)
async def test_a_channel_without_a_provider_is_a_persons(notifications: NotificationsSystem, channel: int) -> None:
    notifications.records.answer = safe(channel)
    answer = await notifications.deliver(welfare(f"channel-{channel}"))
    assert answer.handed_to_person.reason == "no_automatic_channel"


@pytest.mark.parametrize(
    "failure", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.INTERNAL]
)
async def test_without_records_nothing_is_sent_and_asking_again_is_fine(
    notifications: NotificationsSystem, failure: grpc.StatusCode
) -> None:
    notifications.records.status = failure
    refused = await refusal(notifications, welfare(f"records-{failure.name}"))
    assert (refused.kind, refused.codes) == (Kind.UNAVAILABLE, ("records_unavailable",))
    assert notifications.outbox.messages == {}
    notifications.records.status = grpc.StatusCode.OK
    assert (await notifications.deliver(welfare(f"records-{failure.name}"))).HasField("sent")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
async def test_a_refusing_provider_means_a_person(notifications: NotificationsSystem, code: int) -> None:
    notifications.outbox.status = code
    answer = await notifications.deliver(welfare(f"refused-{code}"))
    assert answer.handed_to_person.reason == "provider_refused"


@pytest.mark.parametrize("code", [408, 429, 500, 503, 302])
@pytest.mark.parametrize("delivered", [False, True])
async def test_a_failing_provider_is_asked_again_and_delivers_once(
    notifications: NotificationsSystem, code: int, delivered: bool
) -> None:
    intention_id = f"failing-{code}-{delivered}"
    notifications.outbox.status, notifications.outbox.deliver_first = code, delivered
    refused = await refusal(notifications, welfare(intention_id))
    assert (refused.kind, refused.codes) == (Kind.UNAVAILABLE, ("provider_unavailable",))
    assert await status(notifications, intention_id) == "sending"
    notifications.outbox.status = 0
    assert (await notifications.deliver(welfare(intention_id))).HasField("sent")
    assert len(notifications.outbox.messages) == 1


async def test_a_provider_that_has_it_in_other_words_has_it(notifications: NotificationsSystem) -> None:
    notifications.outbox.status, notifications.outbox.deliver_first = 500, True
    await refusal(notifications, welfare("other-words"))
    notifications.outbox.status = 0
    notifications.records.answer = safe(language="pl", named=False)
    assert (await notifications.deliver(welfare("other-words"))).HasField("sent")
    [message] = notifications.outbox.messages.values()
    assert message["language"] == "en"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(blocked("stale_safety"), "delivery_uncertain"), (safe(records_pb2.CHANNEL_SMS), "delivery_uncertain")],
)
async def test_a_cut_off_attempt_is_not_continued_another_way(
    notifications: NotificationsSystem, answer: records_pb2.ResolveContactResponse, reason: str
) -> None:
    intention_id = f"cut-{answer.WhichOneof('result')}"
    notifications.outbox.status = 503
    await refusal(notifications, welfare(intention_id))
    notifications.outbox.status, notifications.records.answer = 0, answer
    assert (await notifications.deliver(welfare(intention_id))).handed_to_person.reason == reason
    assert notifications.outbox.messages == {}


async def test_twenty_at_once_send_one_message(notifications: NotificationsSystem) -> None:
    notifications.outbox.delay_seconds = 0.2
    answers = await asyncio.gather(*(notifications.deliver(welfare("twenty")) for _ in range(20)))
    assert len({answer.SerializeToString() for answer in answers}) == 1
    assert (len(notifications.outbox.messages), notifications.outbox.requests) == (1, 1)


async def test_twenty_different_ones_send_twenty(notifications: NotificationsSystem) -> None:
    notifications.outbox.delay_seconds = 0.05
    await asyncio.gather(*(notifications.deliver(welfare(f"different-{number}")) for number in range(20)))
    assert len(notifications.outbox.messages) == 20


@pytest.mark.parametrize(
    "change",
    [
        {"case_id": "case-2"},
        {"person_id": "person-2"},
        {"point_id": "point-2"},
        {"template": "follow_up_reminder"},
    ],
)
async def test_other_content_under_the_same_id_is_a_conflict(
    notifications: NotificationsSystem, change: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    intention_id = f"conflict-{next(iter(change))}"
    await notifications.deliver(welfare(intention_id))
    refused = await refusal(notifications, welfare(intention_id, **change))
    assert (refused.kind, refused.codes) == (Kind.CONFLICT, ("intention_mismatch",))


APPOINTMENT: dict[str, Any] = {"template": "appointment_confirmed", "point_id": ""}
GIVEN = {"date": "2026-04-03", "time": "14:30", "place_code": "venue-3"}


async def test_parameters_are_filled_in_as_people_read_them(notifications: NotificationsSystem) -> None:
    await notifications.deliver(welfare("appointment", **APPOINTMENT, parameters=GIVEN))
    [message] = notifications.outbox.messages.values()
    assert "on 3 April 2026. Please come at 14:30." in message["body"]
    assert "Place: venue-3." in message["body"]
    assert await rows(notifications, "SELECT 1 FROM link WHERE intention_id = 'appointment'") == []


@pytest.mark.parametrize(
    ("request_", "code", "field"),
    [
        (welfare(""), "intention_id_missing", "intention_id"),
        (welfare("two words"), "intention_id_malformed", "intention_id"),
        (welfare("x" * 201), "intention_id_malformed", "intention_id"),
        (welfare("bad", case_id=""), "case_id_missing", "case_id"),
        (welfare("bad", person_id="a name"), "person_id_malformed", "person_id"),
        (welfare("bad", template="../other"), "template_malformed", "template"),
        (welfare("bad", template="no_such"), "template_unknown", "template"),
        (welfare("bad", None), "at_missing", "at"),
        (welfare("bad", point_id=""), "parameter_missing", "point_id"),
        (welfare("bad", parameters={"link": "x"}), "parameter_unknown", "parameters"),
        (welfare("bad", **APPOINTMENT), "parameter_missing", "parameters.date"),
        (
            welfare("bad", **APPOINTMENT, parameters=GIVEN | {"date": "3 April"}),
            "parameter_malformed",
            "parameters.date",
        ),
        (welfare("bad", **APPOINTMENT, parameters=GIVEN | {"time": "25:00"}), "parameter_malformed", "parameters.time"),
        (
            welfare("bad", **APPOINTMENT, parameters=GIVEN | {"place_code": "1 High Street"}),
            "parameter_malformed",
            "parameters.place_code",
        ),
        (welfare("bad", **APPOINTMENT, parameters=GIVEN | {"x": "y" * 81}), "parameters_too_long", "parameters"),
        (welfare("bad", parameters={str(n): "x" for n in range(21)}), "parameters_too_many", "parameters"),
    ],
)
async def test_malformed_requests_are_refused_by_field_and_leave_nothing(
    notifications: NotificationsSystem, request_: notifications_pb2.DeliverRequest, code: str, field: str
) -> None:
    refused = await refusal(notifications, request_)
    assert refused.kind is Kind.INVALID
    assert (code, field) in {(one.code, one.field) for one in refused.refusals}
    assert await status(notifications, "bad") is None
    assert notifications.records.requests == []


async def test_a_link_leads_to_its_point_and_only_its_hash_is_kept(notifications: NotificationsSystem) -> None:
    notifications.records.answer = safe(language="ur-PK", named=False)
    await notifications.deliver(welfare("link", point_id="point-7"))
    [message] = notifications.outbox.messages.values()
    token = message["body"].rpartition("/r/")[2].split()[0]
    assert message["language"] == "ur"
    assert await notifications.resolve(token) == notifications_pb2.ResolveLinkResponse(
        case_id="case-1", person_id="person-1", point_id="point-7", language="ur"
    )
    kept = str(await rows(notifications, "SELECT to_jsonb(l) FROM link l")) + str(
        await rows(notifications, "SELECT to_jsonb(i) FROM intention i")
    )
    assert token not in kept
    assert ADDRESS not in kept


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 44, "a b", "../../etc", "é" * 43, "A" * 5000])
async def test_any_other_token_leads_nowhere(notifications: NotificationsSystem, token: str) -> None:
    with pytest.raises(Refused) as caught:
        await notifications.resolve(token)
    assert (caught.value.kind, caught.value.codes) == (Kind.NOT_FOUND, ("link_unknown",))


async def test_templates_are_listed(notifications: NotificationsSystem) -> None:
    token = notifications.issuer.token("lead-1", ["lead"])
    request = notifications_pb2.ListTemplatesRequest()
    answer = await RpcCall().call(notifications.stub.ListTemplates, request, token=token, timeout_seconds=10)
    listed = {template.name: list(template.languages) for template in answer.templates}
    assert listed["follow_up_welfare"] == ["en", "pl", "ur"]
    assert len(listed) == 9
    assert all(template.purpose and template.audience and template.version for template in answer.templates)


ROLES = (
    *("referrer", "coordinator", "lead", "facilitator", "unit_lead", "specialist", "commissioner", "administrator"),
    *("operator", "service.worker", "service.gateway", "service.notifications", "service.loader"),
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["Deliver", "ResolveLink", "ListTemplates"])
async def test_the_permission_matrix(notifications: NotificationsSystem, method: str, role: str) -> None:
    allowed = {
        "Deliver": {"service.worker"},
        "ResolveLink": {"service.gateway"},
        "ListTemplates": {"administrator", "coordinator", "lead"},
    }
    assert PERMISSIONS[f"/rjhub.notifications.v1.NotificationsService/{method}"] == allowed[method]
    request = getattr(notifications_pb2, f"{method}Request")()
    token = notifications.issuer.token("someone", [role])
    try:
        await RpcCall().call(getattr(notifications.stub, method), request, token=token, timeout_seconds=10)
        kind = None
    except Refused as refused:
        kind = refused.kind
    assert (kind is not Kind.FORBIDDEN) == (role in allowed[method])
