"""Sends a region to agencies over gRPC, as the service that is allowed to."""

import grpc
from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc

from deploy.local.region.messages import region_message
from deploy.local.region.model import Region
from services.runtime.identity import ServiceTokens
from services.runtime.rpc_channel import RpcCall

_TIMEOUT_SECONDS = 30.0


async def load_region(
    region: Region, channel: grpc.aio.Channel, tokens: ServiceTokens
) -> agencies_pb2.LoadRegionResponse:
    """Load the region and answer what agencies counted; loading the same region again changes nothing.

    Raises `Refused` as agencies or the issuer said it.
    """
    stub: agencies_pb2_grpc.AgenciesServiceAsyncStub = agencies_pb2_grpc.AgenciesServiceStub(channel)
    request = agencies_pb2.LoadRegionRequest(region=region_message(region))
    return await RpcCall().call(stub.LoadRegion, request, token=await tokens.token(), timeout_seconds=_TIMEOUT_SECONDS)
