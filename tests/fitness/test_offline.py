"""The tests stay on this machine."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("example.com", 443)])
def test_it_fails_a_test_that_leaves_the_machine(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as opened, pytest.raises(pytest.fail.Exception, match="not on this machine"):
        opened.connect(address)


def test_it_resolves_no_name_of_anywhere_else() -> None:
    with pytest.raises(pytest.fail.Exception, match="not on this machine"):
        socket.create_connection(("example.com", 443))


def test_it_lets_a_test_speak_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as opened:
        assert opened.getpeername() == server.getsockname()
