"""Everything a running system leaves behind outside records: engine, logs, traces, databases; and a control in each."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2
from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    GetWorkflowExecutionHistoryRequest,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import Client

from deploy.local.demo.system import RunningSystem
from deploy.local.ports import HOST

# Where personal data may not be; records is the one place where it belongs.
DATABASES = ("reporting", "notifications", "agencies")
KINDS = ("history", "visibility", "engine file", "log", "trace file", "span", "database")


@dataclass(frozen=True, slots=True)
class Artefact:
    """One thing that was left behind."""

    kind: str
    name: str
    content: bytes


class Artefacts:
    """Gathers what a system left behind, as raw as it can be had."""

    def __init__(self, system: RunningSystem) -> None:
        """Gather from this system."""
        self._system = system

    async def plant(self, control: str) -> None:
        """Leave the control in one artefact of each kind, so that a search that finds nothing is shown to work."""
        engine = await self._plain_engine()
        await engine.start_workflow(
            "Control", control, id="control", task_queue="nobody", memo={"control": control}, static_summary=control
        )
        (self._system.folder / "logs" / "control.log").write_bytes(control.encode("utf-16-le"))
        await self._plant_span(control)
        connection = await self._connect("reporting")
        await connection.execute("CREATE TABLE control (word text)")
        await connection.execute("INSERT INTO control VALUES ($1)", control)
        await connection.close()

    async def gather(self) -> list[Artefact]:
        """Every artefact there is now."""
        found = [artefact async for artefact in self._engine_artefacts()]
        folder = self._system.folder
        for kind, place in (("engine file", "temporal"), ("log", "logs"), ("trace file", "traces")):
            files = [path for path in sorted((folder / place).rglob("*")) if path.is_file()]
            found += [Artefact(kind, str(path.relative_to(folder)), path.read_bytes()) for path in files]
        found += self._spans(folder / "traces" / "traces.sqlite")
        for name in DATABASES:
            found.append(Artefact("database", name, await self.dump(name)))
        return found

    async def dump(self, database: str) -> bytes:
        """Every row of every table of a database, as SQL shows it."""
        connection = await self._connect(database)
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        assert tables, f"{database} has no tables"
        rows: list[str] = []
        for (table,) in tables:
            rows += [row for (row,) in await connection.fetch(f'SELECT t::text FROM "{table}" t')]
        await connection.close()
        return "\n".join(rows).encode()

    async def _connect(self, database: str) -> asyncpg.Connection:
        kept = json.loads((self._system.folder / "secrets" / "secrets.json").read_text(encoding="utf-8"))
        return await asyncpg.connect(
            host=HOST,
            port=self._system.ports.number("postgres"),
            user="rjhub_admin",
            password=kept["postgres"],
            database=database,
        )

    async def _plain_engine(self) -> Client:
        """A client without our keys: what it reads is what lies there."""
        addresses = self._system.addresses
        return await Client.connect(addresses.temporal_address, namespace=addresses.temporal_namespace)

    async def _engine_artefacts(self) -> AsyncIterator[Artefact]:
        """Histories of every run, and what list and describe tell, each as bytes and as JSON."""
        engine = await self._plain_engine()
        service, namespace = engine.workflow_service, engine.namespace
        page = b""
        while True:
            listed = await service.list_workflow_executions(
                ListWorkflowExecutionsRequest(namespace=namespace, page_size=200, next_page_token=page)
            )
            yield Artefact("visibility", "list", listed.SerializeToString() + MessageToJson(listed).encode())
            for info in listed.executions:
                execution = WorkflowExecution(workflow_id=info.execution.workflow_id, run_id=info.execution.run_id)
                described = await service.describe_workflow_execution(
                    DescribeWorkflowExecutionRequest(namespace=namespace, execution=execution)
                )
                name = execution.workflow_id
                yield Artefact("visibility", name, described.SerializeToString() + MessageToJson(described).encode())
                yield Artefact("history", name, await self._history(engine, execution))
            page = listed.next_page_token
            if not page:
                return

    async def _history(self, engine: Client, execution: WorkflowExecution) -> bytes:
        content, page = b"", b""
        while True:
            answer = await engine.workflow_service.get_workflow_execution_history(
                GetWorkflowExecutionHistoryRequest(
                    namespace=engine.namespace, execution=execution, next_page_token=page
                )
            )
            content += answer.history.SerializeToString() + MessageToJson(answer.history).encode()
            page = answer.next_page_token
            if not page:
                return content

    async def _plant_span(self, control: str) -> None:
        request = ExportTraceServiceRequest()
        span = request.resource_spans.add().scope_spans.add().spans.add()
        span.trace_id, span.span_id, span.name = b"\x01" * 16, b"\x02" * 8, "control"
        span.start_time_unix_nano = span.end_time_unix_nano = time.time_ns()
        attribute = span.attributes.add()
        attribute.key, attribute.value.string_value = "control", control
        async with httpx2.AsyncClient(trust_env=False) as client:
            traces = self._system.ports.url("traces")
            headers = {"Content-Type": "application/x-protobuf"}
            answer = await client.post(f"{traces}/v1/traces", content=request.SerializeToString(), headers=headers)
            answer.raise_for_status()
            (await client.get(f"{traces}/api/search", params={"text": control})).raise_for_status()

    def _spans(self, file: Path) -> list[Artefact]:
        """The spans as the store reads them, apart from the file's own layout."""
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        rows = connection.execute("SELECT * FROM spans").fetchall()
        connection.close()
        return [Artefact("span", f"{len(rows)} spans", "\n".join(map(repr, rows)).encode())]
