"""Puts each activity's span into the trace of what caused it, which its first argument names."""

from __future__ import annotations

from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from workflows.case.tracing import CASE_ATTRIBUTE, context_of


class ActivityTracing(Interceptor):
    """One span for each attempt of an activity whose argument has a `traceparent` and a `case_id`.

    The SDK's own interceptor makes more spans and carries their context in headers, which cost every step two more
    encrypted payloads on each hop.
    """

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Stand in front of the activity."""
        return _Traced(next)


class _Traced(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        argument = input.args[0] if input.args else None
        with trace.get_tracer(__name__).start_as_current_span(
            f"activity {activity.info().activity_type}",
            context=context_of(getattr(argument, "traceparent", "")),
            kind=SpanKind.CONSUMER,
            attributes={CASE_ATTRIBUTE: getattr(argument, "case_id", ""), "rjhub.attempt": activity.info().attempt},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                return await self.next.execute_activity(input)
            except BaseException:
                span.set_status(StatusCode.ERROR)
                raise
