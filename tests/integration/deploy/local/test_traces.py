"""The local trace store over real HTTP, fed by a real OpenTelemetry exporter."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, set_span_in_context

from deploy.local.traces.app import build_app
from deploy.local.traces.store import SpanStore
from tests.support.local_web import served

CASE = "RJ-2026-000123"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        served(lambda url: build_app(SpanStore(tmp_path, spans_max=200_000))) as url,
        httpx2.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        yield client


def _provider(service: str, url: str, compression: Compression) -> TracerProvider:
    exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces", compression=compression)
    provider = TracerProvider(resource=Resource({"service.name": service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


async def _send_step(client: httpx2.AsyncClient, compression: Compression = Compression.NoCompression) -> str:
    """One step through two services, its deepest span failed; answers the trace id."""
    url = str(client.base_url).rstrip("/")
    gateway, records = _provider("gateway", url, compression), _provider("records", url, compression)
    root = gateway.get_tracer("t").start_span("POST /v1/cases/{ref}/steps", kind=SpanKind.SERVER)
    root.set_attributes({"rjhub.case.ref": CASE, "rjhub.step": "screen"})
    call = gateway.get_tracer("t").start_span("GetPerson", set_span_in_context(root), kind=SpanKind.CLIENT)
    served_span = records.get_tracer("t").start_span("GetPerson", set_span_in_context(call), kind=SpanKind.SERVER)
    query = records.get_tracer("t").start_span("SELECT persons", set_span_in_context(served_span))
    query.add_event("retry", {"attempt": 2})
    query.set_status(Status(StatusCode.ERROR, "deadlock"))
    for span in (query, served_span, call, root):
        span.end()
    timer = gateway.get_tracer("t").start_span("follow-up due", links=[Link(root.get_span_context())])
    timer.set_attribute("rjhub.case.ref", CASE)
    timer.end()
    await asyncio.to_thread(gateway.shutdown)
    await asyncio.to_thread(records.shutdown)
    return f"{root.get_span_context().trace_id:032x}"


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
async def test_what_an_exporter_sends_comes_back_whole(client: httpx2.AsyncClient, compression: Compression) -> None:
    trace_id = await _send_step(client, compression)
    spans = (await client.get(f"/api/traces/{trace_id}")).json()["spans"]
    by_name = {(span["service"], span["name"]): span for span in spans}
    assert len(spans) == len(by_name) == 4
    query, served_span = by_name["records", "SELECT persons"], by_name["records", "GetPerson"]
    assert query["parent_id"] == served_span["span_id"]
    assert query["is_error"]
    assert query["detail"]["events"][0]["attributes"] == {"attempt": 2}
    assert served_span["parent_id"] == by_name["gateway", "GetPerson"]["span_id"]
    assert by_name["gateway", "POST /v1/cases/{ref}/steps"]["detail"]["attributes"]["rjhub.step"] == "screen"


async def test_the_waterfall_shows_spans_nested_and_errors_marked(client: httpx2.AsyncClient) -> None:
    page = await client.get(f"/traces/{await _send_step(client)}")
    rows = re.findall(
        r'<li( class="failed")?>.*?<svg width="(\d+)".*?</span>([^<]+)<small>(\w+), (\w+)</small>', page.text, re.S
    )
    assert [(int(width), name.strip(), service, failed != "") for failed, width, name, service, _ in rows] == [
        (0, "POST /v1/cases/{ref}/steps", "gateway", False),
        (18, "GetPerson", "gateway", False),
        (36, "GetPerson", "records", False),
        (54, "SELECT persons", "records", True),
    ]
    assert page.text.count("<rect ") == 4
    assert 'fill="#c8321c"' in page.text
    assert "deadlock" in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert f'href="/cases/{CASE}"' in page.text


async def test_the_list_is_filtered(client: httpx2.AsyncClient) -> None:
    trace_id = await _send_step(client)
    assert f"/traces/{trace_id}" in (await client.get("/")).text
    for query, found in [
        ({"case": CASE}, 2),
        ({"step": "screen"}, 1),
        ({"service": "records"}, 1),
        ({"errors": "1"}, 1),
        ({"case": "RJ-0"}, 0),
    ]:
        assert len((await client.get("/api/traces", params=query)).json()["traces"]) == found, query
    page = await client.get("/", params={"step": "screen", "errors": "1"})
    assert "<option selected>screen</option>" in page.text
    assert "1 error" in page.text


async def test_a_case_shows_its_traces_in_order_of_time(client: httpx2.AsyncClient) -> None:
    await _send_step(client)
    text = (await client.get(f"/cases/{CASE}")).text
    assert text.index("POST /v1/cases") < text.index("follow-up due")
    assert (await client.get("/cases/RJ-0")).status_code == 404


async def test_a_linked_trace_can_be_followed(client: httpx2.AsyncClient) -> None:
    trace_id = await _send_step(client)
    found = (await client.get("/api/traces", params={"case": CASE})).json()["traces"]
    timer = next(trace["trace_id"] for trace in found if trace["trace_id"] != trace_id)
    assert f'Belongs with <a href="/traces/{trace_id}">' in (await client.get(f"/traces/{timer}")).text


async def test_planted_words_are_found(client: httpx2.AsyncClient) -> None:
    await _send_step(client)
    found = (await client.get("/api/search", params={"text": "Deadlock"})).json()["spans"]
    assert [span["name"] for span in found] == ["SELECT persons"]
    assert (await client.get("/api/search", params={"text": "Thistledown"})).json()["spans"] == []
    assert (await client.get("/api/search", params={"text": "x"})).status_code == 422


async def test_what_is_no_export_is_refused(client: httpx2.AsyncClient) -> None:
    protobuf = {"content-type": "application/x-protobuf"}
    assert (await client.post("/v1/traces", json={})).status_code == 415
    assert (await client.post("/v1/traces", content=b"\xff\xff", headers=protobuf)).status_code == 400
    packed = {**protobuf, "content-encoding": "gzip"}
    assert (await client.post("/v1/traces", content=b"no gzip", headers=packed)).status_code == 400
    assert (
        await client.post("/v1/traces", content=b"", headers={**protobuf, "content-encoding": "br"})
    ).status_code == 415
    assert (await client.post("/v1/traces", content=bytes(17 * 2**20), headers=protobuf)).status_code == 413
    assert (await client.post("/v1/traces", content=b"", headers=protobuf)).status_code == 200
    assert (await client.get("/traces/" + "0" * 32)).status_code == 404
    assert (await client.get("/api/traces/nothing")).status_code == 404
