"""No test leaves this machine: a socket to anywhere else fails the test that opened it."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, NoReturn

import pytest

_HERE = {"", "localhost", None}


@pytest.fixture(scope="session", autouse=True)
def offline() -> Iterator[None]:
    """Let sockets reach loopback addresses and files only, and resolve no other name."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _resolving_here(socket.getaddrinfo))
        yield


def is_here(host: Any) -> bool:
    """Whether a host is this machine: a loopback address or its name."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in _HERE:
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(connect: Any) -> Any:
    def connect_here(opened: socket.socket, address: Any) -> Any:
        if opened.family != socket.AF_UNIX and not is_here(address[0]):
            _refuse(address)
        return connect(opened, address)

    return connect_here


def _resolving_here(getaddrinfo: Any) -> Any:
    def resolve_here(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_here(host):
            _refuse(host)
        return getaddrinfo(host, *arguments, **options)

    return resolve_here


def _refuse(address: Any) -> NoReturn:
    pytest.fail(f"a test reached for {address}, which is not on this machine")
