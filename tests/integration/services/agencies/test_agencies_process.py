"""The agencies service as a process: it migrates, serves, stops when told, and its output names nobody."""

from __future__ import annotations

from rjhub.agencies.v1 import agencies_pb2 as pb
from rjhub.agencies.v1 import agencies_pb2_grpc

from deploy.local.postgres import PostgresServer
from tests.integration.services.agencies.region import COORDINATOR, LOADER, REFERRER, needs, region, staff
from tests.support.running_service import service_process


async def test_it_runs_and_says_nothing_personal(postgres_server: PostgresServer) -> None:
    async with service_process(postgres_server, "agencies") as (service, finished):
        stub = agencies_pb2_grpc.AgenciesServiceStub(service.channel)
        await service.call(stub.LoadRegion, pb.LoadRegionRequest(region=region()), LOADER)
        found = await service.call(stub.MatchFacilitators, needs(), COORDINATOR)
        assert found.candidates[0].name.startswith("Canary")
        faulty = pb.LoadRegionRequest(region=pb.Region(staff=[staff("Canary Id", "Canary role")]))
        assert await service.codes(stub.LoadRegion, faulty, LOADER)
        await service.call(stub.ListStaff, pb.ListStaffRequest(staff_ids=["S1"]), REFERRER)
    assert finished.exit_code == 0
    assert "/rjhub.agencies.v1.AgenciesService/MatchFacilitators" in finished.output
    assert "Canary" not in finished.output
