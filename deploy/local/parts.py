"""The local system's parts: what each is started with, what it needs first, and how it shows it is ready."""

import asyncio
import hashlib
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.databases import SERVICES, mark_migrated, owner_role, provision_all, sqlalchemy_url
from deploy.local.part import Part
from deploy.local.ports import Ports
from deploy.local.postgres import PostgresServer, server_user
from deploy.local.probes import grpc_serves, http_answers, sql_answers
from deploy.local.secrets import LocalSecrets, write_private
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.temporal import TemporalServer

HEALTH_PATH = "/healthz"
SOURCES = (".py", ".sql", ".yaml")
REGION_FOLDER = Path(__file__).parent / "region"


@dataclass(frozen=True, slots=True)
class System:
    """All that the parts are built from."""

    settings: Settings
    folder: Path
    ports: Ports
    secrets: LocalSecrets
    postgres: PostgresServer
    temporal: TemporalServer


def build_system(settings: Settings, folder: Path, ports: Ports, secrets: LocalSecrets) -> System:
    """The two servers on their ports, and everything else as given."""
    postgres = PostgresServer(
        folder / "postgres", ports.number("postgres"), secrets.postgres_password, settings.postgres_bin
    )
    temporal = TemporalServer(
        folder / "temporal",
        ports.number("temporal"),
        ports.number("temporal_ui"),
        time_skipping=settings.time_skipping,
        program=settings.temporal_bin,
    )
    return System(settings, folder, ports, secrets, postgres, temporal)


def parts_of(system: System) -> list[Part]:
    """Every part, those that rely on nothing first. Each starts as soon as its `needs` are ready."""
    marks: dict[str, str] = {}  # filled when PostgreSQL is ready, read by the migrations
    services = [part for name in SERVICES for part in (_migrations(system, name, marks), _service(system, name))]
    front = [_worker(system), _gateway(system), _console(system)]
    everything = [_postgres(system, marks), _temporal(system), *_desk(system), *services, *front]
    return [*everything, _region(system)]


def _postgres(system: System, marks: dict[str, str]) -> Part:
    server = system.postgres

    async def prepare() -> bool:
        await asyncio.to_thread(server.prepare)
        return True

    answers = sql_answers(server.url())

    async def ready() -> bool:
        return server.is_ready() and await answers()

    async def provision() -> None:
        marks.update(await provision_all(server.url(), system.secrets.databases))

    return Part(
        name="postgres",
        command=server.command,
        ready=ready,
        before=prepare,
        after=provision,
        user=server_user(),
        folder=server.folder,
        stop_signal=signal.SIGINT,  # "fast": close connections, write everything down
        death_signal=signal.SIGINT,
        grace_seconds=20.0,
    )


def _temporal(system: System) -> Part:
    async def prepare() -> bool:
        await asyncio.to_thread(system.temporal.prepare)
        return True

    return Part(
        name="temporal",
        command=system.temporal.command,
        ready=system.temporal.is_ready,
        before=prepare,
        folder=system.folder,
    )


def _desk(system: System) -> list[Part]:
    """The stand-ins for what a real region has of its own: sign-in, mail and phones, a place for traces."""
    ports, folder = system.ports, system.folder
    issuer = {
        "RJHUB_ISSUER_URL": ports.url("issuer"),
        "RJHUB_ISSUER_KEY_FOLDER": str(system.secrets.issuer_key_folder),
        "RJHUB_ISSUER_REGION_FOLDER": str(REGION_FOLDER),
        "RJHUB_ISSUER_CLIENTS_FILE": str(system.secrets.clients_file),
    }
    outbox = {"RJHUB_OUTBOX_FOLDER": str(folder / "outbox")}
    traces = {"RJHUB_TRACES_FOLDER": str(folder / "traces")}
    return [
        _http_part(system, "issuer", "deploy.local.issuer", issuer),
        _http_part(system, "outbox", "deploy.local.outbox", outbox),
        _http_part(system, "traces", "deploy.local.traces", traces),
    ]


def _migrations(system: System, service: str, marks: Mapping[str, str]) -> Part:
    """The job that brings a service's tables up to date; passed over when its database says it has these migrations."""
    current = fingerprint(CHECKOUT / "services" / service / "migrations")
    role, password = owner_role(service), system.secrets.databases[service].owner

    async def due() -> bool:
        return marks.get(service) != current

    async def mark() -> None:
        await mark_migrated(system.postgres.url(), service, current)

    return Part(
        name=f"{service}-migrations",
        command=_python(f"services.{service}", "migrate"),
        environment=_service_environment(system, service, role, password),
        needs=("postgres",),
        before=due,
        after=mark,
        folder=CHECKOUT,
    )


def _service(system: System, service: str) -> Part:
    password = system.secrets.databases[service].service
    return Part(
        name=service,
        command=_python(f"services.{service}"),
        environment=_service_environment(system, service, service, password),
        needs=(f"{service}-migrations",),
        uses=("issuer", "traces", *(("records", "outbox") if service == "notifications" else ())),
        ready=grpc_serves(system.ports.number(service)),
        folder=CHECKOUT,
    )


def _worker(system: System) -> Part:
    # What runs here has passed the tests, which always run workflows in the sandbox (docs/decisions/0010).
    environment = _workflow_environment(system, "worker") | {"RJHUB_WORKER_SANDBOXED": "false"}
    return Part(
        name="worker",
        command=_python("workflows"),
        environment=environment,
        needs=("temporal",),
        uses=(*SERVICES, "issuer", "traces"),
        ready=grpc_serves(system.ports.number("worker")),
        folder=CHECKOUT,
        grace_seconds=30.0,  # activities under way are finished
    )


def _gateway(system: System) -> Part:
    return Part(
        name="gateway",
        command=_python("services.gateway"),
        environment=_workflow_environment(system, "gateway"),
        needs=("temporal",),
        uses=(*SERVICES, "worker", "issuer", "traces"),
        ready=http_answers(system.ports.number("gateway"), HEALTH_PATH),
        folder=CHECKOUT,
    )


def _console(system: System) -> Part:
    ports = system.ports
    environment = _environment(
        system,
        "console",
        ISSUER_URL=ports.url("issuer"),
        GATEWAY_URL=ports.url("gateway"),
        PUBLIC_URL=ports.url("console"),
        SESSION_SECRET=system.secrets.session_secret,
        TRACES_URL=ports.url("traces"),
        TEMPORAL_UI_URL=ports.url("temporal_ui"),
        CLIENT_ID="console",
        CLIENT_SECRET=system.secrets.clients["console"],
    )
    return Part(
        name="console",
        command=_python("services.console"),
        environment=environment,
        uses=("gateway", "issuer", "traces"),
        ready=http_answers(ports.number("console"), HEALTH_PATH),
        folder=CHECKOUT,
    )


def _region(system: System) -> Part:
    """The job that loads the fictional region through agencies, as any region's own data would be; once per version."""
    loaded = system.folder / "region-loaded"
    current = fingerprint(REGION_FOLDER)

    async def due() -> bool:
        return not loaded.exists() or loaded.read_text(encoding="utf-8") != current

    async def mark() -> None:
        write_private(loaded, current)

    environment = {
        "RJHUB_LOADER_ISSUER_URL": system.ports.url("issuer"),
        "RJHUB_LOADER_CLIENT_ID": "loader",
        "RJHUB_LOADER_CLIENT_SECRET": system.secrets.clients["loader"],
        "RJHUB_LOADER_REGION_FOLDER": str(REGION_FOLDER),
        "RJHUB_LOADER_AGENCIES_ADDRESS": system.ports.address("agencies"),
        "RJHUB_LOADER_LOG_FORMAT": system.settings.log_format,
    }
    return Part(
        name="region",
        command=_python("deploy.local.region", "load"),
        environment=environment,
        needs=(*SERVICES, "issuer"),
        before=due,
        after=mark,
        folder=CHECKOUT,
    )


def _http_part(system: System, name: str, module: str, environment: Mapping[str, str]) -> Part:
    prefix = f"RJHUB_{name.upper()}_"
    listening = {f"{prefix}LISTEN": system.ports.address(name), f"{prefix}LOG_FORMAT": system.settings.log_format}
    return Part(
        name=name,
        command=_python(module),
        environment={**listening, **environment},
        ready=http_answers(system.ports.number(name), HEALTH_PATH),
        folder=CHECKOUT,
    )


def _environment(system: System, process: str, **settings: str) -> dict[str, str]:
    """One process's settings under its prefix, with those that all of ours have."""
    shared = {
        "LISTEN": system.ports.address(process),
        "LOG_FORMAT": system.settings.log_format,
        "OTLP_ENDPOINT": f"{system.ports.url('traces')}/v1/traces",
    }
    return {f"RJHUB_{process.upper()}_{name}": value for name, value in (shared | settings).items()}


def _service_environment(system: System, service: str, role: str, password: str) -> dict[str, str]:
    ports = system.ports
    settings = {
        "ISSUER_URL": ports.url("issuer"),
        "DATABASE_URL": sqlalchemy_url(ports.address("postgres"), role, password, service),
    }
    if service == "notifications":
        settings |= {
            "RECORDS_ADDRESS": ports.address("records"),
            "CLIENT_ID": "notifications",
            "CLIENT_SECRET": system.secrets.clients["notifications"],
            "OUTBOX_URL": ports.url("outbox"),
            "PUBLIC_URL": ports.url("console"),
            "LINK_SECRET": system.secrets.link_secret,
        }
    return _environment(system, service, **settings)


def _workflow_environment(system: System, process: str) -> dict[str, str]:
    """The settings of a process that speaks to Temporal and to all four services: the worker and the gateway."""
    addresses = {f"{name.upper()}_ADDRESS": system.ports.address(name) for name in SERVICES}
    return _environment(
        system,
        process,
        ISSUER_URL=system.ports.url("issuer"),
        TEMPORAL_ADDRESS=system.temporal.address,
        TEMPORAL_NAMESPACE=system.temporal.namespace,
        PAYLOAD_KEYS_FILE=str(system.secrets.payload_keys_file),
        CLIENT_ID=process,
        CLIENT_SECRET=system.secrets.clients[process],
        **addresses,
    )


def _python(module: str, *arguments: str) -> Callable[[], list[str]]:
    command = [sys.executable, "-m", module, *arguments]
    return lambda: list(command)


def fingerprint(folder: Path) -> str:
    """A digest of every source file's name and content in a folder: it changes when one is added, edited or removed."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in SOURCES):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder)} {len(content)} ".encode() + content)
    return digest.hexdigest()
