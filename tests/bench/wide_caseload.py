"""Lets one fictional facilitator carry hundreds of cases, so that measuring is not stopped by a full caseload."""

from __future__ import annotations

import json
from pathlib import Path

from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc

from deploy.local.parts import REGION_FOLDER
from deploy.local.region.messages import region_message
from deploy.local.region.reading import read_region
from services.runtime.identity import ServiceTokens
from services.runtime.rpc_channel import RpcCall, open_channel

CASES = 500


async def widen(staff_id: str, issuer_url: str, agencies_address: str, data_folder: Path) -> None:
    """Load the facilitator anew with room for `CASES`, as the region's loader."""
    region = region_message(read_region(REGION_FOLDER))
    (person,) = [one for one in region.staff if one.staff_id == staff_id]
    person.practitioner.capacity_cases = CASES
    clients = json.loads((data_folder / "secrets" / "clients.json").read_text(encoding="utf-8"))
    tokens = ServiceTokens(issuer_url, "loader", clients["loader"]["secret"])
    channel = open_channel(agencies_address)
    stub: agencies_pb2_grpc.AgenciesServiceAsyncStub = agencies_pb2_grpc.AgenciesServiceStub(channel)
    request = agencies_pb2.LoadRegionRequest(region=agencies_pb2.Region(staff=[person]))
    try:
        await RpcCall().call(stub.LoadRegion, request, token=await tokens.token(), timeout_seconds=10)
    finally:
        await channel.close()
