"""Ports: where each part listens, and the sentence when one is taken."""

import socket

import pytest

from deploy.local.ports import HOST, OFFSETS, Ports, free_port, is_busy, refuse_busy
from deploy.local.start_error import StartError


def test_addresses() -> None:
    ports = Ports({"gateway": 8000})
    assert (ports.number("gateway"), ports.address("gateway")) == (8000, "127.0.0.1:8000")
    assert ports.url("gateway") == "http://127.0.0.1:8000"


def test_no_two_parts_share_a_port() -> None:
    assert len(set(OFFSETS.values())) == len(OFFSETS)


def test_a_port_is_busy_only_while_someone_listens() -> None:
    with socket.create_server((HOST, 0)) as taken:
        number = taken.getsockname()[1]
        assert is_busy(number)
    assert not is_busy(number)


def test_every_busy_port_is_named() -> None:
    with socket.create_server((HOST, 0)) as one, socket.create_server((HOST, 0)) as two:
        first, second = one.getsockname()[1], two.getsockname()[1]
        ports = Ports({"temporal_ui": first, "records": second, "gateway": free_port()})
        with pytest.raises(StartError) as refused:
            refuse_busy(ports)
    sentence = f"Ports {first} (temporal_ui), {second} (records) are in use by another program: stop it, "
    assert str(refused.value) == sentence + (
        "or choose others with RJHUB_LOCAL_PORT_BASE or RJHUB_LOCAL_TEMPORAL_UI_PORT."
    )
    refuse_busy(Ports({"gateway": free_port()}))
