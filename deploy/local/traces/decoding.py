"""Decodes OTLP export requests (protobuf, plain or gzip) into spans."""

import base64
import zlib
from collections.abc import Iterable, Iterator

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2

from deploy.local.traces.span import EventDetail, LinkDetail, Span

_KINDS = {
    trace_pb2.Span.SPAN_KIND_INTERNAL: "internal",
    trace_pb2.Span.SPAN_KIND_SERVER: "server",
    trace_pb2.Span.SPAN_KIND_CLIENT: "client",
    trace_pb2.Span.SPAN_KIND_PRODUCER: "producer",
    trace_pb2.Span.SPAN_KIND_CONSUMER: "consumer",
}


class ExportError(Exception):
    """The body is no OTLP export request, or unpacks to more than the limit."""


def decode_export(body: bytes, *, is_gzip: bool, limit_bytes: int) -> list[Span]:
    """The spans of one export request; raises ExportError. Spans without ids are left out, as OTLP asks."""
    try:
        request = ExportTraceServiceRequest.FromString(_unpacked(body, limit_bytes) if is_gzip else body)
    except (DecodeError, zlib.error) as error:
        raise ExportError from error
    return list(_spans(request))


def _unpacked(body: bytes, limit_bytes: int) -> bytes:
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    content = stream.decompress(body, limit_bytes)
    if not stream.eof:
        raise ExportError
    return content


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for of_resource in request.resource_spans:
        resource = _attributes(of_resource.resource.attributes)
        service = str(resource.get("service.name", "unknown"))
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                if len(span.trace_id) == 16 and len(span.span_id) == 8:
                    yield _span(span, service, resource, of_scope.scope.name)


def _span(span: trace_pb2.Span, service: str, resource: dict[str, object], scope: str) -> Span:
    return Span(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        service=service,
        name=span.name,
        kind=_KINDS.get(span.kind, "internal"),
        start_ns=_signed(span.start_time_unix_nano),
        end_ns=_signed(max(span.end_time_unix_nano, span.start_time_unix_nano)),
        is_error=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        detail={
            "attributes": _attributes(span.attributes),
            "events": [
                EventDetail(
                    name=event.name,
                    time_ns=_signed(event.time_unix_nano),
                    attributes=_attributes(event.attributes),
                )
                for event in span.events
            ],
            "links": [
                LinkDetail(
                    trace_id=link.trace_id.hex(), span_id=link.span_id.hex(), attributes=_attributes(link.attributes)
                )
                for link in span.links
            ],
            "resource": resource,
            "scope": scope,
            "status_message": span.status.message,
        },
    )


def _signed(time_ns: int) -> int:
    return min(time_ns, 2**63 - 1)  # what SQLite can hold; 200 years from now


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, object]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> object:
    match value.WhichOneof("value"):
        case "array_value":
            return [_value(one) for one in value.array_value.values]
        case "kvlist_value":
            return _attributes(value.kvlist_value.values)
        case "bytes_value":
            return _text_of(value.bytes_value)
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "int_value":
            return value.int_value
        case "double_value":
            return value.double_value
        case _:
            return None


def _text_of(content: bytes) -> str:
    """Readable bytes as text, so that a search for a leaked word finds it there too."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(content).decode("ascii")
