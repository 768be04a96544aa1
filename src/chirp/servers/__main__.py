"""Serves the application with gunicorn: a process for each processor, in each of them several threads.

SIGTERM ends it after the requests in flight.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from chirp.servers.settings import Common, Settings
from chirp.servers.wsgi import Application, Host
from chirp.world.settings import CHOSEN_BY, WorldSettings

DRAIN_S = 25
SILENT_S = 60
BACKLOG = 4096
MAX_CONNECTIONS = 2000


class Worker(ThreadWorker):  # type: ignore[misc]
    """Takes what has already connected when it is told to end, and then listens no more.

    gunicorn's own would go on to listen without accepting, and reset those connections at its end.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """Called by gunicorn, at the end with False."""
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        for listener in self.sockets:
            listener.setblocking(False)
            before = -1
            while before != self.nr_conns:
                before = self.nr_conns
                self.accept(listener)
            listener.close()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by the settings alone: no file, no command line."""

    def __init__(self, settings: Common) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        settings = self.settings
        configuration: dict[str, Any] = {
            "bind": f"{settings.listen}:{settings.port}",
            "backlog": BACKLOG,
            "workers": settings.processes,
            "worker_class": Worker,
            "threads": settings.threads,
            "worker_connections": MAX_CONNECTIONS,
            "keepalive": 75,  # longer than the load balancer's 60 s, which closes first
            "graceful_timeout": DRAIN_S,
            "timeout": SILENT_S,
            "proc_name": settings.name,
            "limit_request_line": 8190,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",
            "loglevel": "warning",
            "worker_exit": _end,
        }
        for name, value in configuration.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        """Called in each process after it has been forked."""
        application = Application(_host(self.settings))
        application.start()
        return application


def _end(server: object, worker: ThreadWorker) -> None:
    """Called by gunicorn in a process that has answered its last request."""
    if isinstance(worker.wsgi, Application):
        worker.wsgi.stop()


def _host(settings: Common) -> Host:
    """The host that these settings are for; only one of them is imported."""
    if isinstance(settings, WorldSettings):
        from chirp.world.host import WorldHost

        return WorldHost.on_aws(settings)
    from chirp.servers import host

    assert isinstance(settings, Settings)
    return host.Host.on_aws(settings)


def read_settings(variables: Mapping[str, str]) -> Common:
    """Those of the worldwide design when the variables name its databases, else those of three tiers.

    Raises:
        KeyError: a variable is missing.
        ValueError: one cannot be read.
    """
    kind = WorldSettings if CHOSEN_BY in variables else Settings
    return kind.from_environment(variables)


if __name__ == "__main__":
    sys.exit(Server(read_settings(os.environ)).run())
