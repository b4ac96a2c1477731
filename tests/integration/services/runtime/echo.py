"""A small service for the tests of calls: every method takes and gives one string; no proto of ours is needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import grpc.aio
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.wrappers_pb2 import StringValue

SERVICE = "rjhub.echo.v1.EchoService"
Behaviour = Callable[[StringValue, Any], Awaitable[StringValue]]


def descriptor(*methods: str) -> ServiceDescriptor:
    """Describe a service with these methods, as a generated module would."""
    name = "google.protobuf.StringValue"
    pool = descriptor_pool.DescriptorPool()
    wrappers = descriptor_pb2.FileDescriptorProto(name="wrappers.proto", package="google.protobuf", syntax="proto3")
    wrappers.message_type.add(name="StringValue")
    pool.Add(wrappers)
    file = descriptor_pb2.FileDescriptorProto(
        name="echo.proto", package="rjhub.echo.v1", dependency=["wrappers.proto"], syntax="proto3"
    )
    service = file.service.add(name="EchoService")
    for method in methods:
        service.method.add(name=method, input_type=f".{name}", output_type=f".{name}")
    pool.Add(file)
    return pool.FindServiceByName(SERVICE)


def register(behaviours: dict[str, Behaviour], stream: Callable[..., AsyncIterator[StringValue]] | None = None) -> Any:
    """Answer what adds these methods, and one called `Count` that streams, to a server."""
    handlers: dict[str, Any] = {
        name: grpc.unary_unary_rpc_method_handler(
            behaviour,
            StringValue.FromString,
            StringValue.SerializeToString,
        )
        for name, behaviour in behaviours.items()
    }
    if stream is not None:
        handlers["Count"] = grpc.unary_stream_rpc_method_handler(
            stream,
            StringValue.FromString,
            StringValue.SerializeToString,
        )

    def add(server: grpc.aio.Server) -> None:
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))

    return add


def method(channel: grpc.aio.Channel, name: str) -> grpc.aio.UnaryUnaryMultiCallable[StringValue, StringValue]:
    """Answer what a generated stub would hold for a method."""
    return channel.unary_unary(f"/{SERVICE}/{name}", StringValue.SerializeToString, StringValue.FromString)
