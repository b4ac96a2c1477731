"""Whether what the gateway relies on answers now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.gateway.backends.cases import CaseEngine

_TIMEOUT_SECONDS = 1.0


class Reliances:
    """The engine and the services by name."""

    def __init__(self, engine: CaseEngine, channels: Mapping[str, grpc.aio.Channel]) -> None:
        """`channels` maps each service's name to its channel."""
        self._engine = engine
        self._stubs = {name: health_pb2_grpc.HealthStub(channel) for name, channel in channels.items()}

    async def missing(self) -> tuple[str, ...]:
        """The names of those that do not answer, in a fixed order; asked all at once."""
        names = ["temporal", *self._stubs]
        answers = await asyncio.gather(self._engine.ready(), *(self._serves(name) for name in self._stubs))
        return tuple(name for name, serves in zip(names, answers, strict=True) if not serves)

    async def _serves(self, name: str) -> bool:
        try:
            answer = await self._stubs[name].Check(health_pb2.HealthCheckRequest(), timeout=_TIMEOUT_SECONDS)
        except grpc.aio.AioRpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
