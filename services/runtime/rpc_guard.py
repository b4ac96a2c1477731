"""What stands before every handler of a service: the caller's token, the permission row, the span, the log line.

One interceptor does all four, since each further one costs every call, and since the library's own would write
error messages into spans.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any, NoReturn, TypeAlias, cast

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from opentelemetry import context as trace_context
from opentelemetry import trace
from opentelemetry.context import Context as TraceContext
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.typing import FilteringBoundLogger

from services.runtime import rpc_status
from services.runtime.identity import Caller, TokenVerifier
from services.runtime.log import get_logger
from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.telemetry import tracer

# Health probes carry no token and would drown the log; reflection says nothing the repository does not.
_OPEN_PREFIXES = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_READ_METADATA = frozenset({"authorization", "idempotency-key", "traceparent", "tracestate"})
# A refusal is an answer; these are faults an operator should see in red.
_FAULTS = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNIMPLEMENTED})
_PROPAGATOR = TraceContextTextMapPropagator()
_CODE_OF_NUMBER: dict[object, grpc.StatusCode] = {
    given: code for code in grpc.StatusCode for given in (code, code.value[0])
}

_caller: ContextVar[Caller] = ContextVar("caller")
_idempotency_key: ContextVar[str] = ContextVar("idempotency_key", default="")

# grpc types neither requests nor contexts of handlers it does not know.
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


def current_caller() -> Caller:
    """Answer who called the RPC being handled; raises `LookupError` outside a handler."""
    return _caller.get()


def current_idempotency_key() -> str:
    """Answer the caller's idempotency key of the RPC being handled, "" if it sent none."""
    return _idempotency_key.get()


class RpcGuard(grpc.aio.ServerInterceptor):
    """Lets a call through to its handler when its token is good and its method's row holds a role of the caller."""

    def __init__(self, verifier: TokenVerifier, permissions: Mapping[str, frozenset[str]]) -> None:
        """`permissions` maps a full method path (`/package.Service/Method`) to the roles that may call it."""
        self._verifier = verifier
        self._permissions = dict(permissions)
        self._guarded: dict[str, Handler] = {}
        self._tracer = tracer(__name__)
        self._logger = get_logger(__name__)

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Answer the guarded handler of a method, built once."""
        method = handler_call_details.method
        guarded = self._guarded.get(method)
        if guarded is not None:
            return guarded
        handler = await continuation(handler_call_details)
        if handler is None or method.startswith(_OPEN_PREFIXES):
            return handler
        guarded = self._guarded[method] = self._guard(method, handler)
        return guarded

    def _guard(self, method: str, handler: Handler) -> Handler:
        service, _, name = method.removeprefix("/").partition("/")
        attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name}
        read, write = handler.request_deserializer, handler.response_serializer
        # The library's types know handlers of its threaded server only; ours are all coroutines.
        behaviour: Any
        if handler.stream_stream is not None:
            behaviour = self._streaming(method, attributes, cast(Any, handler.stream_stream))
            return grpc.stream_stream_rpc_method_handler(behaviour, read, write)
        if handler.unary_stream is not None:
            behaviour = self._streaming(method, attributes, cast(Any, handler.unary_stream))
            return grpc.unary_stream_rpc_method_handler(behaviour, read, write)
        if handler.stream_unary is not None:
            behaviour = self._unary(method, attributes, cast(Any, handler.stream_unary), None)
            return grpc.stream_unary_rpc_method_handler(behaviour, read, write)
        # Bytes come in as they are and are read inside: what cannot be read gets a coded refusal too.
        behaviour = self._unary(method, attributes, cast(Any, handler.unary_unary), _reader(read))
        return grpc.unary_unary_rpc_method_handler(behaviour, None, write)

    def _unary(
        self,
        method: str,
        attributes: Mapping[str, str],
        behaviour: Callable[[Any, Context], Awaitable[Any]],
        read: Callable[[bytes], Any] | None,
    ) -> Callable[[Any, Context], Awaitable[Any]]:
        async def guarded(request: Any, context: Context) -> Any:
            call = self._begin(method, attributes, context)
            try:
                await self._admit(method, call)
                return await behaviour(read(request) if read else request, context)
            except asyncio.CancelledError:
                call.code = grpc.StatusCode.CANCELLED
                raise
            except Exception as error:  # whatever it is, the caller gets a status without text
                await call.fail(error, context)
            finally:
                call.end(self._logger)

        return guarded

    def _streaming(
        self,
        method: str,
        attributes: Mapping[str, str],
        behaviour: Callable[[Any, Context], AsyncIterator[Any]],
    ) -> Callable[[Any, Context], AsyncIterator[Any]]:
        async def guarded(request: Any, context: Context) -> AsyncIterator[Any]:
            call = self._begin(method, attributes, context)
            try:
                await self._admit(method, call)
                async for response in behaviour(request, context):
                    yield response
            except (asyncio.CancelledError, GeneratorExit):
                call.code = grpc.StatusCode.CANCELLED
                raise
            except Exception as error:  # whatever it is, the caller gets a status without text
                await call.fail(error, context)
            finally:
                call.end(self._logger)

        return guarded

    def _begin(self, method: str, attributes: Mapping[str, str], context: Context) -> _Call:
        metadata = context.invocation_metadata() or ()
        carrier = {key: value for key, value in metadata if key in _READ_METADATA and isinstance(value, str)}
        parent = _PROPAGATOR.extract(carrier)
        span = self._tracer.start_span(
            method, context=parent, kind=SpanKind.SERVER, attributes=attributes, record_exception=False
        )
        return _Call(method, carrier, span, parent)

    async def _admit(self, method: str, call: _Call) -> None:
        """Let the call in, or raise `Refused`: no good token, or none of its roles in the method's row."""
        scheme, _, token = call.carrier.get("authorization", "").partition(" ")
        caller = await self._verifier.verify(token if scheme.lower() == "bearer" else "")
        call.subject = caller.subject
        # A method without a row is refused to everyone; `serve` does not even start then.
        if self._permissions.get(method, frozenset()).isdisjoint(caller.roles):
            raise Refused(
                Kind.FORBIDDEN,
                Refusal("role_not_allowed", "Your role does not allow this.", who="administrator"),
            )
        _caller.set(caller)
        _idempotency_key.set(call.carrier.get("idempotency-key", ""))


class _Call:
    """One RPC from its arrival to its log line."""

    __slots__ = ("carrier", "code", "codes", "error", "method", "span", "started", "subject", "trace_token")

    def __init__(self, method: str, carrier: dict[str, str], span: Span, parent: TraceContext) -> None:
        self.method = method
        self.carrier = carrier
        self.span = span
        self.trace_token = trace_context.attach(trace.set_span_in_context(span, parent))
        self.started = time.perf_counter()
        self.code = grpc.StatusCode.OK
        self.codes = ""
        self.subject = ""
        self.error: Exception | None = None

    async def fail(self, error: Exception, context: Context) -> NoReturn:
        """End the call with the status its error stands for; whatever is not a refusal says nothing of itself."""
        if isinstance(error, grpc.aio.AbortError):
            self.code = _status_of(context)
            raise error
        if isinstance(error, Refused):
            self.code, self.codes, metadata = rpc_status.encode(error)
            await context.abort(self.code, self.codes, metadata)
        if isinstance(error, NotImplementedError):
            self.code = grpc.StatusCode.UNIMPLEMENTED
            await context.abort(self.code, "method_unknown")
        self.code, self.codes, self.error = grpc.StatusCode.INTERNAL, "internal_error", error
        await context.abort(self.code, self.codes)

    def end(self, logger: FilteringBoundLogger) -> None:
        """Write the one line of this call and close its span."""
        fields: dict[str, object] = {
            "rpc": self.method,
            "status": self.code.name,
            "duration_ms": round((time.perf_counter() - self.started) * 1000, 2),
            "caller": self.subject,
        }
        if self.codes:
            fields["refused"] = self.codes
            self.span.set_attribute("rjhub.refused", self.codes)
        if self.error is not None:
            logger.error("rpc", **fields, exc_info=self.error)
        else:
            logger.info("rpc", **fields)
        number, _ = self.code.value
        self.span.set_attribute("rpc.grpc.status_code", number)
        if self.code in _FAULTS:
            self.span.set_status(StatusCode.ERROR)
        self.span.end()
        trace_context.detach(self.trace_token)


def _status_of(context: Context) -> grpc.StatusCode:
    """Answer the status a handler ended the call with by itself."""
    # Typed as a StatusCode, given as its number.
    return _CODE_OF_NUMBER.get(context.code(), grpc.StatusCode.UNKNOWN)


def _reader(read: Callable[[bytes], Any] | None) -> Callable[[bytes], Any] | None:
    """Make a message's parser refuse bytes that are no such message; None for a method that takes bytes as they are."""
    if read is None:
        return None

    def refusing(request: bytes) -> Any:
        try:
            return read(request)
        except DecodeError as error:
            raise Refused(
                Kind.INVALID, Refusal("message_malformed", "What was sent cannot be read.", who="caller")
            ) from error

    return refusing
