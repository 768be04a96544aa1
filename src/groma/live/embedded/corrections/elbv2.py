"""Application load balancers."""

from __future__ import annotations

from typing import Any

from moto.elbv2 import models

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def default_scheme() -> None:
    """Upstream: gives a load balancer no scheme when the request names none, as Terraform's does.

    Effect: it is internet-facing, AWS's default.
    """
    original = models.FakeLoadBalancer.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.scheme = self.scheme or "internet-facing"

    models.FakeLoadBalancer.__init__ = init
