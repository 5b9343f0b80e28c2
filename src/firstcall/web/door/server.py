"""The web process: one uvicorn, one port, ended within two seconds of SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
import threading
from importlib import import_module
from typing import Any

import uvicorn
from django.conf import settings

from firstcall.web.door.fast import FastProtocol
from firstcall.web.door.parts import Parts
from firstcall.web.door.protocol import DoorProtocol, sweep

DRAIN = 2  # seconds for requests under way after the streams are closed
BACKLOG = 2048
OPEN_FILES = 65_536


class PortTaken(Exception):
    """Somebody else listens there: the sentence says where."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}. "
            "Choose another with FIRSTCALL_HOST and FIRSTCALL_PORT."
        ) from None
    listener.setblocking(False)
    return listener


def raise_open_files() -> int:
    """As many open files as the system lets this process have, up to 65,536; how many that is."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class Server(uvicorn.Server):
    """uvicorn that starts and ends the door's parts with itself."""

    def __init__(self, config: uvicorn.Config, parts: Parts) -> None:
        super().__init__(config)
        self._parts = parts

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        self._parts.start(loop)
        await super().startup(sockets=sockets)
        sweep(self.server_state, loop)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._parts.goodbye()
        await super().shutdown(sockets=sockets)
        await asyncio.to_thread(self._parts.stop)


def serve(parts: Parts, listener: socket.socket, *, fast: bool = True) -> None:
    """Serve until SIGTERM or Ctrl-C, in the main thread."""
    protocol: Any = FastProtocol if fast else DoorProtocol
    config = uvicorn.Config(
        parts.door,
        http=protocol, ws="none", loop="uvloop", lifespan="off", interface="asgi3", log_level="warning",
        access_log=False, proxy_headers=False, server_header=False, backlog=BACKLOG, timeout_graceful_shutdown=DRAIN,
    )  # fmt: skip
    # uvicorn raises the signal again once it is done: by then it has been obeyed.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    raise_open_files()
    gc.collect()
    gc.freeze()
    # The pages are imported beside the first answers, so that nobody's first page waits for it.
    threading.Thread(target=import_module, args=(settings.ROOT_URLCONF,), daemon=True).start()
    Server(config, parts).run(sockets=[listener])
    sys.stdout.flush()
