"""AWS Systems Manager Session Manager: a shell on a server in which no port is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import ModuleCall
from groma.architecture import Architecture, Component, Lane
from groma.components.outside import Clients
from groma.components.public_network import site_call


@dataclass(frozen=True, kw_only=True)
class Administrators(Clients):
    """The machines of those who open a shell."""

    icon: ClassVar[str] = "general/client"

    @property
    def details(self) -> tuple[str, ...]:
        return ("AWS CLI or console",)


@dataclass(frozen=True, kw_only=True)
class SessionManager(Component):
    """The way to a shell: the server's agent calls out to it, so that nobody has to be let in. It is free."""

    kind: ClassVar[str] = "session-manager"
    service: ClassVar[str] = "AWS Systems Manager"
    icon: ClassVar[str] = "management/systems-manager"
    lane: ClassVar[Lane] = "edge"

    @property
    def label(self) -> str:
        return "Session Manager"

    @property
    def details(self) -> tuple[str, ...]:
        return ("shell by IAM, no SSH",)

    def module(self, architecture: Architecture) -> ModuleCall:
        """The server's role carries what its agent needs."""
        return site_call()
