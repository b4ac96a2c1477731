"""A call reaches its handler with its caller and its trace, and every way it can fail arrives as a coded refusal."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import grpc
import grpc.aio
import pytest
import structlog
from google.protobuf.wrappers_pb2 import StringValue
from grpc_health.v1 import health_pb2, health_pb2_grpc
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.runtime.identity import TokenVerifier
from services.runtime.log import configure_logging
from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.rpc_channel import RpcCall, open_channel
from services.runtime.rpc_server import RpcServer, current_caller, current_idempotency_key
from services.runtime.rpc_status import MESSAGE_BYTES_MAX
from tests.integration.services.runtime import echo
from tests.support.spans import keep_spans
from tests.support.tokens import TestIssuer

CANARY = "Ottoline Fennimore"
METHODS = ("Echo", "Refuse", "Fail", "Sleep", "Abort", "Large", "Unwritten", "WhoAmI")
MANY = tuple(
    Refusal(f"field_{n}", "Say what is missing here, in full.", field=f"items[{n}]", who="referrer") for n in range(900)
)


async def echo_(request: StringValue, _context: Any) -> StringValue:
    return StringValue(value=request.value)


async def refuse(request: StringValue, _context: Any) -> StringValue:
    if request.value == "many":
        raise Refused(Kind.INVALID, *MANY)
    reasons = (
        Refusal("consent_missing", "Ask for consent first.", field="consent", who="facilitator"),
        Refusal("area_unknown", "Sëlect an area — any.", field="area"),
    )
    raise Refused(Kind(request.value), *reasons)


async def fail(_request: StringValue, _context: Any) -> StringValue:
    raise ValueError(CANARY)


async def sleep(_request: StringValue, _context: Any) -> StringValue:
    await asyncio.sleep(30)
    return StringValue()


async def abort(_request: StringValue, context: Any) -> StringValue:
    await context.abort(grpc.StatusCode.NOT_FOUND, "x")
    return StringValue()


async def large(_request: StringValue, _context: Any) -> StringValue:
    return StringValue(value="x" * (MESSAGE_BYTES_MAX + 1))


async def unwritten(_request: StringValue, _context: Any) -> StringValue:
    raise NotImplementedError("Method not implemented!")


async def who_am_i(_request: StringValue, _context: Any) -> StringValue:
    context = trace.get_current_span().get_span_context()
    return StringValue(
        value=json.dumps(
            {
                "subject": current_caller().subject,
                "key": current_idempotency_key(),
                "trace": f"{context.trace_id:032x}",
            }
        )
    )


async def count(_request: StringValue, _context: Any) -> AsyncIterator[StringValue]:
    yield StringValue(value=current_caller().subject)
    raise Refused(Kind.TOO_LARGE, Refusal("enough", "That is enough."))


BEHAVIOURS: dict[str, echo.Behaviour] = dict(
    zip(METHODS, (echo_, refuse, fail, sleep, abort, large, unwritten, who_am_i), strict=True)
)


@pytest.fixture(scope="module", autouse=True)
def spans() -> InMemorySpanExporter:
    kept = InMemorySpanExporter()
    keep_spans(kept)
    return kept


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("echo", "json", stream)
    yield stream
    assert CANARY not in stream.getvalue()
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture
def issuer() -> Iterator[TestIssuer]:
    with TestIssuer() as issuer:
        yield issuer


@pytest.fixture
async def server(issuer: TestIssuer, log: io.StringIO, spans: InMemorySpanExporter) -> AsyncIterator[RpcServer]:
    async def ready() -> bool:
        return True

    permissions = {f"/{echo.SERVICE}/{name}": frozenset({"coordinator"}) for name in (*METHODS, "Count")}
    server = RpcServer(
        process="echo",
        listen="127.0.0.1:0",
        verifier=TokenVerifier(issuer.url),
        permissions=permissions,
        register=echo.register(BEHAVIOURS, count),
        services=[echo.descriptor(*METHODS, "Count")],
        ready=ready,
    )
    await server.start()
    spans.clear()
    yield server
    await server.stop(0)


@pytest.fixture
async def channel(server: RpcServer) -> AsyncIterator[grpc.aio.Channel]:
    async with open_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel


@pytest.fixture
def call(channel: grpc.aio.Channel, issuer: TestIssuer) -> Callable[..., Awaitable[str]]:
    good = issuer.token("staff-7", ["coordinator"])

    async def call(name: str, value: str = "", token: str = good, timeout_seconds: float = 5.0, key: str = "") -> str:
        response = await RpcCall().call(
            echo.method(channel, name),
            StringValue(value=value),
            token=token,
            timeout_seconds=timeout_seconds,
            idempotency_key=key,
        )
        return str(response.value)

    return call


async def refused(calling: Awaitable[Any]) -> tuple[Kind, tuple[str, ...]]:
    with pytest.raises(Refused) as refused_:
        await calling
    assert refused_.value.__cause__ is None
    return refused_.value.kind, refused_.value.codes


async def test_a_call_knows_its_caller_key_and_trace(
    call: Callable[..., Awaitable[str]], spans: InMemorySpanExporter
) -> None:
    with trace.get_tracer("test").start_as_current_span("step") as step:
        seen = json.loads(await call("WhoAmI", key="k-1"))
    trace_id = step.get_span_context().trace_id
    assert seen == {"subject": "staff-7", "key": "k-1", "trace": f"{trace_id:032x}"}
    await asyncio.sleep(0)
    by_kind = {span.kind.name: span for span in spans.get_finished_spans()}
    client, handler = by_kind["CLIENT"], by_kind["SERVER"]
    assert client.parent is not None
    assert client.parent.span_id == step.get_span_context().span_id
    assert handler.parent is not None
    assert handler.parent.span_id == client.context.span_id
    assert handler.name == f"/{echo.SERVICE}/WhoAmI"
    assert handler.attributes is not None
    assert handler.attributes["rpc.grpc.status_code"] == 0


@pytest.mark.parametrize("kind", list(Kind))
async def test_every_kind_travels_unchanged(call: Callable[..., Awaitable[str]], kind: Kind) -> None:
    with pytest.raises(Refused) as refused_:
        await call("Refuse", kind.value)
    assert refused_.value.kind is kind
    assert refused_.value.refusals == (
        Refusal("consent_missing", "Ask for consent first.", field="consent", who="facilitator"),
        Refusal("area_unknown", "Sëlect an area — any.", field="area"),
    )


async def test_as_many_reasons_travel_as_fit(call: Callable[..., Awaitable[str]]) -> None:
    with pytest.raises(Refused) as refused_:
        await call("Refuse", "many")
    given = refused_.value.refusals
    assert 100 < len(given) < len(MANY)
    assert given == MANY[: len(given)]


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("Fail", Kind.UNAVAILABLE, "internal_error"),
        ("Abort", Kind.NOT_FOUND, "not_found"),
        ("Large", Kind.TOO_LARGE, "message_too_large"),
        ("Unwritten", Kind.UNAVAILABLE, "method_unknown"),
        ("Unheard", Kind.UNAVAILABLE, "method_unknown"),
    ],
)
async def test_faults_of_a_service(call: Callable[..., Awaitable[str]], name: str, kind: Kind, code: str) -> None:
    assert await refused(call(name)) == (kind, (code,))


async def test_an_unexpected_error_says_nothing_of_itself(
    call: Callable[..., Awaitable[str]], log: io.StringIO, spans: InMemorySpanExporter
) -> None:
    with pytest.raises(Refused) as refused_:
        await call("Fail")
    assert CANARY not in repr(refused_.value.refusals)
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["status"], line["error"], line["level"]) == ("INTERNAL", "ValueError", "error")
    assert line["error_at"].split(" < ")[0].endswith(":fail")
    assert not any(CANARY in span.to_json() for span in spans.get_finished_spans())


async def test_one_line_per_call(call: Callable[..., Awaitable[str]], log: io.StringIO) -> None:
    await call("Echo", CANARY)
    await refused(call("Refuse", "conflict"))
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    said, refusal = (line for line in lines if line["event"] == "rpc")
    assert said == said | {"rpc": f"/{echo.SERVICE}/Echo", "status": "OK", "caller": "staff-7"}
    assert len(said["trace_id"]) == 32
    assert said["duration_ms"] >= 0
    assert refusal == refusal | {"status": "ALREADY_EXISTS", "refused": "consent_missing, area_unknown"}


async def test_a_deadline_ends_the_wait(call: Callable[..., Awaitable[str]], log: io.StringIO) -> None:
    assert await refused(call("Sleep", timeout_seconds=0.1)) == (Kind.UNAVAILABLE, ("service_unavailable",))
    assert await refused(call("Echo", timeout_seconds=-1)) == (Kind.UNAVAILABLE, ("service_unavailable",))
    await asyncio.sleep(0.1)
    assert '"CANCELLED"' in log.getvalue()


async def test_too_much_is_refused(call: Callable[..., Awaitable[str]]) -> None:
    assert await refused(call("Echo", "x" * (MESSAGE_BYTES_MAX + 1))) == (Kind.TOO_LARGE, ("message_too_large",))


async def test_bytes_that_are_no_message(channel: grpc.aio.Channel, issuer: TestIssuer) -> None:
    raw: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(f"/{echo.SERVICE}/Echo")
    calling = RpcCall().call(raw, b"\xff\xff\xff", token=issuer.token("staff-7", ["coordinator"]), timeout_seconds=5.0)
    assert await refused(calling) == (Kind.INVALID, ("message_malformed",))


async def test_nobody_listens() -> None:
    async with open_channel("127.0.0.1:1") as channel:
        calling = RpcCall().call(echo.method(channel, "Echo"), StringValue(), token="t", timeout_seconds=2.0)
        assert await refused(calling) == (Kind.UNAVAILABLE, ("service_unavailable",))


@pytest.mark.parametrize(
    ("token", "code"), [("", "token_missing"), ("rubbish", "token_malformed"), ("a\nb", "token_malformed")]
)
async def test_without_a_good_token(call: Callable[..., Awaitable[str]], token: str, code: str) -> None:
    assert await refused(call("Echo", token=token)) == (Kind.UNAUTHENTICATED, (code,))


async def test_an_expired_token(call: Callable[..., Awaitable[str]], issuer: TestIssuer) -> None:
    token = issuer.token("staff-7", ["coordinator"], lifetime_seconds=-60)
    assert await refused(call("Echo", token=token)) == (Kind.UNAUTHENTICATED, ("token_expired",))


@pytest.mark.parametrize("roles", [[], ["referrer"], ["Coordinator"]])
async def test_without_a_role_of_the_row(
    call: Callable[..., Awaitable[str]], issuer: TestIssuer, roles: list[str]
) -> None:
    calling = call("Echo", token=issuer.token("staff-8", roles))
    assert await refused(calling) == (Kind.FORBIDDEN, ("role_not_allowed",))


@pytest.mark.parametrize("key", ["a\nb", "é", "k" * 256])
async def test_a_key_that_is_no_header(call: Callable[..., Awaitable[str]], key: str) -> None:
    assert await refused(call("Echo", key=key)) == (Kind.INVALID, ("idempotency_key_malformed",))


async def test_a_stream_is_guarded_too(channel: grpc.aio.Channel, issuer: TestIssuer, log: io.StringIO) -> None:
    method = channel.unary_stream(f"/{echo.SERVICE}/Count", StringValue.SerializeToString, StringValue.FromString)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        _ = [response async for response in method(StringValue())]
    assert error.value.code() is grpc.StatusCode.UNAUTHENTICATED
    token = issuer.token("staff-7", ["coordinator"])
    stream = method(StringValue(), metadata=(("authorization", f"Bearer {token}"),))
    assert await stream.read() == StringValue(value="staff-7")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stream.read()
    assert error.value.code() is grpc.StatusCode.OUT_OF_RANGE
    assert '"refused": "enough"' in log.getvalue()


async def test_health_needs_no_token(channel: grpc.aio.Channel) -> None:
    health = health_pb2_grpc.HealthStub(channel)
    for name in ("", echo.SERVICE):
        async with asyncio.timeout(2):
            async for answer in health.Watch(health_pb2.HealthCheckRequest(service=name)):
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    break
