"""Whether this process is up, and whether it can do its work."""

from __future__ import annotations

from fastapi.routing import APIRoute
from starlette.responses import Response

from services.gateway.api.describing import SERVICE, answer, described
from services.gateway.backends.form import Form
from services.gateway.backends.health import Reliances
from services.runtime.refusal import Kind, Refusal, Refused

_TAG = "Health"


class Standing(Form):
    """`up` or `ready`."""

    status: str


class HealthApi:
    """The two probes; neither needs a token."""

    def __init__(self, reliances: Reliances) -> None:
        """Ask `reliances` for readiness."""
        self._reliances = reliances

    def routes(self) -> list[APIRoute]:
        """The probes."""
        up = described("healthz", "Whether this process is up", _TAG, answers={200: Standing}, open_to_all=True)
        ready = described(
            "readyz",
            "Whether the engine and all four services answer",
            _TAG,
            answers={200: Standing},
            codes=SERVICE,
            open_to_all=True,
        )
        return [APIRoute("/healthz", self.up, **up), APIRoute("/readyz", self.ready, **ready)]

    async def up(self) -> Response:
        """The process answers."""
        return answer(Standing(status="up"))

    async def ready(self) -> Response:
        """Everything the gateway relies on answers; raises `Refused(UNAVAILABLE)` naming what does not."""
        missing = await self._reliances.missing()
        if missing:
            sentence = "This part of the system does not answer."
            refusals = (Refusal("service_unavailable", sentence, field=name, who="operator") for name in missing)
            raise Refused(Kind.UNAVAILABLE, *refusals)
        return answer(Standing(status="ready"))
