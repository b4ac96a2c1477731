"""Every RPC asks who calls, every refusal has a stable code."""

from __future__ import annotations

import ast
import importlib
import re

import pytest
from rjhub.agencies.v1 import agencies_pb2
from rjhub.notifications.v1 import notifications_pb2
from rjhub.records.v1 import records_pb2
from rjhub.reporting.v1 import reporting_pb2

from tests.architecture.sources import dotted, python_files, syntax_of

SERVICES = {
    "agencies": agencies_pb2.DESCRIPTOR.services_by_name["AgenciesService"],
    "records": records_pb2.DESCRIPTOR.services_by_name["RecordsService"],
    "notifications": notifications_pb2.DESCRIPTOR.services_by_name["NotificationsService"],
    "reporting": reporting_pb2.DESCRIPTOR.services_by_name["ReportingService"],
}
KNOWN_ROLES = {
    "referrer", "coordinator", "lead", "facilitator", "unit_lead", "specialist", "commissioner", "administrator",
    "operator", "service.worker", "service.gateway", "service.notifications", "service.loader",
}  # fmt: skip
CODE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")


@pytest.mark.parametrize("name", SERVICES)
def test_every_rpc_has_its_row_of_roles(name: str) -> None:
    """No RPC without a row, no row without an RPC, and no role nobody has."""
    rows = importlib.import_module(f"services.{name}.rpc.permissions").PERMISSIONS
    paths = {f"{SERVICES[name].full_name}/{method.name}" for method in SERVICES[name].methods}
    assert {path.removeprefix("/") for path in rows} == paths
    for path, roles in rows.items():
        assert roles, f"{path} is closed to everybody: then it should not exist"
        assert roles <= KNOWN_ROLES, path


def test_every_refusal_has_a_literal_code() -> None:
    """A code is written out where it is raised, in lower snake case, so that it can be searched for and relied on."""
    seen = 0
    for path in python_files("services", "workflows"):
        for node in ast.walk(syntax_of(path)):
            if isinstance(node, ast.Call) and dotted(node.func) in {"Refusal", "StepRefusal"}:
                code = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "code"), None)
                if isinstance(code, ast.Constant):
                    assert CODE.match(str(code.value)), f"{path}:{node.lineno}"
                    seen += 1
    assert seen > 20
