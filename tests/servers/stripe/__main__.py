"""The server as a process of its own: it serves until it is ended, and posts each webhook as soon as it comes about."""

import argparse

from tests.servers.stripe import Fault, StripeServer


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.stripe")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--key", default="sk_test_of_tests")
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--webhook", help="the address that is told of everything")
    parser.add_argument("--secret", default="whsec_of_tests", help="what its webhooks are signed with")
    parser.add_argument("--next", nargs="*", default=[], help="what happens to the first requests: 429, lost, ...")
    given = parser.parse_args()
    server = StripeServer(given.key, given.port, given.delay, is_prompt=bool(given.webhook))
    server.next(*(int(what) if what.isdigit() else Fault(what) for what in given.next))
    for is_connected, is_thin in ((False, False), (True, False), (False, True)) if given.webhook else ():
        server.listen(given.webhook, given.secret, is_connected=is_connected, is_thin=is_thin)
    with server:
        print(server.url, flush=True)
        server.closing.wait()


if __name__ == "__main__":
    main()
