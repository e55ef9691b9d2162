"""Runs in LiteLLM's environment: its proxy, started as its command does, that cannot reach another host.

Before that, it prints which of the names in PROVIDERS it has no provider for.
"""

from __future__ import annotations

import os
import sys
from typing import Any

HERE = {"127.0.0.1", "::1", "localhost", "", None}


def refuse(event: str, args: tuple[Any, ...]) -> None:
    """Ends a look-up or a connection that leaves the machine, and says so."""
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if (host.decode() if isinstance(host, bytes) else host) not in HERE:
        print(f"refused to reach {host}", file=sys.stderr, flush=True)
        raise OSError(f"refused to reach {host}")


def print_unknown(names: list[str]) -> None:
    """The providers that LiteLLM does not know."""
    import litellm  # type: ignore[import-not-found]

    for name in names:
        try:
            known = litellm.get_llm_provider(f"{name}/m")[1] == name
        except litellm.BadRequestError:
            known = False
        if not known:
            print(f"no provider: {name}", flush=True)


if __name__ == "__main__":
    sys.addaudithook(refuse)
    from litellm.proxy.proxy_cli import run_server  # type: ignore[import-not-found]

    print_unknown(os.environ["PROVIDERS"].split())
    sys.argv[0] = "litellm"
    run_server()
