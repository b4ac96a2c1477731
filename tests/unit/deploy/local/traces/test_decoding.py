"""OTLP export requests become spans; what is no such request is refused, however it is packed."""

import gzip
import zlib

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1 import trace_pb2

from deploy.local.traces.decoding import ExportError, decode_export


def request() -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    of_resource = message.resource_spans.add()
    of_resource.resource.attributes.add(key="service.name").value.string_value = "records"
    span = of_resource.scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.name = bytes(range(16)), bytes(range(8)), "SELECT"
    span.start_time_unix_nano, span.end_time_unix_nano = 5_000, 9_000
    span.kind = trace_pb2.Span.SPAN_KIND_CLIENT
    span.status.code = trace_pb2.Status.STATUS_CODE_ERROR
    span.attributes.add(key="rjhub.case.ref").value.string_value = "RJ-2026-000001"
    span.attributes.add(key="count").value.int_value = 3
    span.attributes.add(key="raw").value.bytes_value = b"readable"
    span.attributes.add(key="mixed").value.array_value.values.add().bool_value = True
    return message


def test_a_span_is_decoded() -> None:
    (span,) = decode_export(request().SerializeToString(), is_gzip=False, limit_bytes=10_000)
    assert (span.trace_id, span.span_id, span.parent_id) == (bytes(range(16)).hex(), bytes(range(8)).hex(), "")
    assert (span.service, span.name, span.kind, span.is_error) == ("records", "SELECT", "client", True)
    assert (span.start_ns, span.end_ns, span.case_ref, span.step) == (5_000, 9_000, "RJ-2026-000001", "")
    assert span.detail["attributes"] == {
        "rjhub.case.ref": "RJ-2026-000001", "count": 3, "raw": "readable", "mixed": [True]
    }  # fmt: skip


def test_gzip_is_unpacked() -> None:
    packed = gzip.compress(request().SerializeToString())
    assert len(decode_export(packed, is_gzip=True, limit_bytes=10_000)) == 1


def test_a_span_without_ids_is_left_out() -> None:
    message = request()
    message.resource_spans[0].scope_spans[0].spans.add().name = "nothing"
    assert len(decode_export(message.SerializeToString(), is_gzip=False, limit_bytes=10_000)) == 1


@pytest.mark.parametrize(
    ("body", "is_gzip"),
    [
        (b"\xff\xff\xff not protobuf", False),
        (b"not gzip", True),
        (gzip.compress(b"x" * 20_000), True),
        (gzip.compress(b"x" * 100)[:-12], True),
        (zlib.compress(b""), True),
    ],
)
def test_anything_else_is_refused(body: bytes, is_gzip: bool) -> None:
    with pytest.raises(ExportError):
        decode_export(body, is_gzip=is_gzip, limit_bytes=10_000)
