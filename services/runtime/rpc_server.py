"""How a service starts, says it is ready, answers calls and stops."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.runtime.identity import TokenVerifier
from services.runtime.log import get_logger
from services.runtime.rpc_guard import RpcGuard, current_caller, current_idempotency_key
from services.runtime.rpc_status import MESSAGE_BYTES_MAX, METADATA_BYTES_MAX

__all__ = ["RpcServer", "ServerStartError", "current_caller", "current_idempotency_key", "serve"]

_GRACE_SECONDS = 5.0
_READY_PAUSE_SECONDS = 0.5
_READY_CHECK_SECONDS = 5.0
_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_send_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_metadata_size", METADATA_BYTES_MAX),
    ("grpc.absolute_max_metadata_size", METADATA_BYTES_MAX),
    # Otherwise a second process on the same port starts happily and takes half of the calls.
    ("grpc.so_reuseport", 0),
)


class ServerStartError(Exception):
    """The server cannot start; the text is one sentence for an operator."""


class RpcServer:
    """One gRPC server with its guard, health and reflection; `serve` runs it, tests start and stop it themselves."""

    def __init__(
        self,
        *,
        process: str,
        listen: str,
        verifier: TokenVerifier,
        permissions: Mapping[str, frozenset[str]],
        register: Callable[[grpc.aio.Server], None],
        services: Sequence[ServiceDescriptor],
        ready: Callable[[], Awaitable[bool]],
    ) -> None:
        """Raise `ServerStartError` if an RPC of `services` has no row in `permissions` or a row names no RPC.

        Rows are keyed `/package.Service/Method` (the leading slash may be left out). `listen` is `host:port`, port 0
        for any free one. `ready` says whether the service can do its work, as of now.
        """
        self._process = process
        self._listen = listen
        self._rows = checked_permissions(services, permissions)
        self._verifier = verifier
        self._register = register
        self._names = [service.full_name for service in services]
        self._ready = ready
        self._health = health.aio.HealthServicer()
        self._server: grpc.aio.Server | None = None
        self._watch: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen; health says SERVING as soon as `ready` agrees. Raises `ServerStartError` if the port is taken."""
        server = grpc.aio.server(interceptors=[RpcGuard(self._verifier, self._rows)], options=_OPTIONS)
        self._register(server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        names = [*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME]
        reflection.enable_server_reflection(names, server)
        try:
            self.port = server.add_insecure_port(self._listen)
        except RuntimeError as error:
            raise ServerStartError(f"{self._process} cannot listen on {self._listen}: the port is taken.") from error
        await self._say(serving=False)
        await server.start()
        self._server = server
        self._watch = asyncio.create_task(self._watch_readiness())
        get_logger(__name__).info("listening", port=self.port)

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        if self._server is not None:
            await self._server.wait_for_termination()

    async def stop(self, grace_seconds: float = _GRACE_SECONDS) -> None:
        """Say NOT_SERVING, take no new call, give running ones `grace_seconds` and end."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._server is not None:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(grace_seconds)

    async def _watch_readiness(self) -> None:
        serving = False
        while True:
            now_ready = await self._ready()
            if now_ready is not serving:
                serving = now_ready
                await self._say(serving=serving)
                get_logger(__name__).info("readiness", serving=serving)
            await asyncio.sleep(_READY_CHECK_SECONDS if serving else _READY_PAUSE_SECONDS)

    async def _say(self, *, serving: bool) -> None:
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", *self._names):
            await self._health.set(name, status)


async def serve(
    *,
    process: str,
    listen: str,
    verifier: TokenVerifier,
    permissions: Mapping[str, frozenset[str]],
    register: Callable[[grpc.aio.Server], None],
    services: Sequence[ServiceDescriptor],
    ready: Callable[[], Awaitable[bool]],
) -> None:
    """Serve until cancelled (`process.run` cancels on SIGTERM), then stop gracefully; exit 2 if it cannot start."""
    try:
        server = RpcServer(
            process=process,
            listen=listen,
            verifier=verifier,
            permissions=permissions,
            register=register,
            services=services,
            ready=ready,
        )
        await server.start()
    except ServerStartError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    try:
        await server.wait()
    finally:
        await server.stop()


def checked_permissions(
    services: Sequence[ServiceDescriptor], permissions: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Answer the rows keyed by method path; raises `ServerStartError` naming what does not match."""
    rows = {"/" + name.removeprefix("/"): roles for name, roles in permissions.items()}
    methods = {f"/{service.full_name}/{method.name}" for service in services for method in service.methods}
    faults = [f"{method} has no permission row" for method in sorted(methods - rows.keys())]
    faults += [f"the permission row {row} names no RPC" for row in sorted(rows.keys() - methods)]
    faults += [f"the permission row {row} allows nobody" for row in sorted(rows) if not rows[row]]
    if faults:
        raise ServerStartError(f"Cannot start: {'; '.join(faults)}.")
    return rows
