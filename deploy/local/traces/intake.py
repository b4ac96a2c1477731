"""POST /v1/traces: OTLP over HTTP as its specification asks, answered before anything is written."""

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.requests import Request
from starlette.responses import Response

from deploy.local.pages.body import BodyTooLargeError, read_body
from deploy.local.traces.decoding import ExportError, decode_export
from deploy.local.traces.ingest import Ingest, IngestFullError

_PROTOBUF = "application/x-protobuf"
_LIMIT_BYTES = 16 * 1024 * 1024


class Intake:
    """The endpoint that exporters send to."""

    def __init__(self, ingest: Ingest) -> None:
        """Hand every export to the queue."""
        self._ingest = ingest

    async def export(self, request: Request) -> Response:
        """200 when taken, 400 or 415 when it never will be, 413 when too large, 503 when to be sent again later."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _PROTOBUF:
            return Response(status_code=415)
        encoding = request.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip"):
            return Response(status_code=415)
        try:
            body = await read_body(request, _LIMIT_BYTES)
            self._ingest.put(decode_export(body, is_gzip=encoding == "gzip", limit_bytes=_LIMIT_BYTES))
        except BodyTooLargeError:
            return Response(status_code=413)
        except ExportError:
            return Response(status_code=400)
        except IngestFullError:
            return Response(status_code=503, headers={"retry-after": "1"})
        return Response(ExportTraceServiceResponse().SerializeToString(), media_type=_PROTOBUF)
