"""Assembles the worker: the case workflow, its activities, and the limits they run under."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rjhub.agencies.v1 import agencies_pb2_grpc
from rjhub.notifications.v1 import notifications_pb2_grpc
from rjhub.records.v1 import records_pb2_grpc
from rjhub.reporting.v1 import reporting_pb2_grpc
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from services.runtime.identity import ServiceTokens
from services.runtime.rpc_channel import RpcCall, open_channel
from workflows.activities.agencies import AgenciesActivities
from workflows.activities.ledger import LedgerActivities
from workflows.activities.messages import MessageActivities
from workflows.activities.records import RecordsActivities
from workflows.activities.tracing import ActivityTracing
from workflows.case.workflow import CaseWorkflow
from workflows.contracts.names import TASK_QUEUE
from workflows.settings import Settings

WORKFLOWS: list[type] = [CaseWorkflow]
# What the workflow's thin module leans on, kept deterministic by the architecture tests instead of the sandbox, which
# would load each of them anew for every case (temporal.md 0.8). The workflow's own module stays inside.
REPLAY_SAFE = (
    "workflows.activities",
    "workflows.case.core",
    "workflows.case.memory",
    "workflows.case.search_attributes",
    "workflows.case.tracing",
    "workflows.contracts",
    "services.runtime",
    "rjhub",
)
# A fixed name: the engine caps the number of deployments (temporal.md 1.8). The build is the release.
DEPLOYMENT = "rjhub-worker"
BUILD = "0.1.0"


def build_worker(client: Client, activities: list[Callable[..., Any]], settings: Settings) -> Worker:
    """A worker for cases with the given activities; the caller runs it and ends it."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=activities,
        interceptors=[ActivityTracing()],
        workflow_runner=SandboxedWorkflowRunner() if settings.sandboxed else UnsandboxedWorkflowRunner(),
        max_cached_workflows=settings.cached_cases_max,
        max_concurrent_workflow_tasks=settings.workflow_tasks_max,
        max_concurrent_activities=settings.activities_max,
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        # Unversioned on purpose (docs/decisions): one machine cannot keep two builds; the build id is for the record.
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(DEPLOYMENT, BUILD), use_worker_versioning=False
        ),
    )


def connect_activities(settings: Settings) -> list[Callable[..., Any]]:
    """The activities with a channel to each service; call inside the event loop they will run in."""
    call = RpcCall()
    tokens = ServiceTokens(settings.issuer_url, settings.client_id, settings.client_secret)
    agencies = AgenciesActivities(_stub(agencies_pb2_grpc.AgenciesServiceStub, settings.agencies_address), call, tokens)
    records = RecordsActivities(_stub(records_pb2_grpc.RecordsServiceStub, settings.records_address), call, tokens)
    messages = MessageActivities(
        _stub(notifications_pb2_grpc.NotificationsServiceStub, settings.notifications_address), call, tokens
    )
    ledger = LedgerActivities(_stub(reporting_pb2_grpc.ReportingServiceStub, settings.reporting_address), call, tokens)
    return [
        ledger.append,
        messages.deliver,
        records.put_access,
        agencies.reserve_capacity,
        agencies.release_capacity,
    ]


def _stub(make: Any, address: str) -> Any:
    """A stub over its own channel; the generated stubs are typed for both kinds of channel, so Any stands between."""
    return make(open_channel(address))
