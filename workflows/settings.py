"""What the worker is told by its environment (prefix RJHUB_WORKER_)."""

from __future__ import annotations

from pathlib import Path

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="worker"):
    """Addresses, identity and sizes of the worker."""

    listen: str  # gRPC health for the supervisor
    temporal_address: str
    temporal_namespace: str
    payload_keys_file: Path
    agencies_address: str
    records_address: str
    notifications_address: str
    reporting_address: str
    client_id: str
    client_secret: str
    # The sandbox looks for nondeterminism while a workflow runs. The tests always run in it; a release that passed them
    # may do without, which spares a worker about a quarter of its work (docs/decisions/0010).
    sandboxed: bool = True
    # About 110 KiB each (temporal.md 5.2 d): sized to the cases active in a day, not to all open ones.
    cached_cases_max: int = 1000
    # One interpreter runs them all, so more than this only queues.
    workflow_tasks_max: int = 16
    activities_max: int = 100
    graceful_shutdown_seconds: int = 20
