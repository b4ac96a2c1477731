"""No log line holds anything personal, whoever wrote it: ourselves, a library, or an error."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from services.runtime.log import WITHHELD, configure_logging, get_logger

CANARY = "Ottoline Fennimore"


@pytest.fixture(params=["json", "console"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("agencies", request.param, stream)
    yield stream
    assert CANARY not in stream.getvalue()
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("agencies", "json", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def last(stream: io.StringIO) -> dict[str, Any]:
    return dict(json.loads(stream.getvalue().splitlines()[-1]))


def test_a_line_says_when_who_and_what(lines: io.StringIO) -> None:
    get_logger("services.agencies.rpc").info("matched", case_ref="RJ-1", offers=3, urgent=True, area=None)
    line = last(lines)
    assert line["timestamp"].endswith("Z")
    assert line == line | {
        "event": "matched", "process": "agencies", "module": "services.agencies.rpc", "level": "info",
        "case_ref": "RJ-1", "offers": 3, "urgent": True, "area": None,
    }  # fmt: skip


def test_a_line_within_a_span_carries_its_ids(lines: io.StringIO) -> None:
    with TracerProvider().get_tracer("t").start_as_current_span("s") as span:
        get_logger("t").info("inside")
    assert last(lines)["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert last(lines)["span_id"] == f"{span.get_span_context().span_id:016x}"
    get_logger("t").info("outside")
    assert "trace_id" not in last(lines)


@pytest.mark.parametrize(
    "key",
    [
        "name",
        "victim_name",
        "email",
        "phone",
        "home_address",
        "postcode",
        "dob",
        "narrative",
        "note",
        "text",
        "body",
        "to",
        "recipient",
        "token",
        "authorization",
        "password",
        "client_secret",
        "Safe-Phone",
        "exc_message",
        "url",
    ],
)
def test_a_personal_key_is_withheld(written: io.StringIO, key: str) -> None:
    get_logger("t").info("told", **{key: CANARY})
    assert WITHHELD in written.getvalue()


def test_ids_and_measures_are_not_withheld(lines: io.StringIO) -> None:
    get_logger("t").info("told", document_id="d-1", recipient_count=2)
    assert (last(lines)["document_id"], last(lines)["recipient_count"]) == ("d-1", 2)


@pytest.mark.parametrize("value", [{"a": CANARY}, [CANARY], (CANARY,), CANARY.encode(), ValueError(CANARY), object()])
def test_only_scalars_are_written(written: io.StringIO, value: object) -> None:
    get_logger("t").info("told", outcome=value)
    assert WITHHELD in written.getvalue()


def test_a_value_with_an_at_is_withheld(lines: io.StringIO) -> None:
    get_logger("t").info("told", where="postgresql://role:word@127.0.0.1/x", who_knows="o.fennimore@example.org")
    assert last(lines)["where"] == last(lines)["who_knows"] == WITHHELD


def test_an_error_is_its_type_and_places(written: io.StringIO) -> None:
    local_value = CANARY
    try:
        try:
            raise KeyError(local_value)
        except KeyError as error:
            raise ValueError(f"no such person: {local_value}") from error
    except ValueError:
        get_logger("t").exception("failed")
    said = written.getvalue()
    assert "ValueError" in said
    assert "KeyError" in said
    assert ":test_an_error_is_its_type_and_places" in said


def test_a_library_says_its_template_only(written: io.StringIO) -> None:
    log = logging.getLogger("sqlalchemy.pool")
    log.warning("row %s of %s", CANARY, 5)
    log.warning(f"row {CANARY}")
    log.warning(ValueError(CANARY))
    log.error("broken %s", CANARY, exc_info=ValueError(CANARY))
    said = written.getvalue()
    assert "row %s of %s" in said
    assert "ValueError" in said


def test_an_error_nobody_awaited_does_not_talk(written: io.StringIO) -> None:
    async def main() -> None:
        async def fails() -> None:
            raise ValueError(CANARY)

        task = asyncio.create_task(fails())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(main())
    assert "ValueError" in written.getvalue()


def test_requests_of_uvicorn_are_not_written(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").critical("GET /my-case/%s", CANARY)
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    assert [json.loads(line)["event"] for line in lines.getvalue().splitlines()] == ["Application startup complete."]
