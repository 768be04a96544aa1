"""CloudFront distributions."""

from __future__ import annotations

from typing import Any

from moto.cloudfront import models

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def forwarded_values() -> None:
    """Upstream: reports forwarded values for a behaviour that has a cache policy instead.

    Effect: they are reported only where they were given.
    """
    original = models.DefaultCacheBehaviour.__init__

    def init(self: Any, config: dict[str, Any]) -> None:
        given = "ForwardedValues" in config
        original(self, config)
        if not given:
            self.forwarded_values = None

    models.DefaultCacheBehaviour.__init__ = init


@correction(seen_in="5.2.5")
def origin_access_control() -> None:
    """Upstream: forgets an origin's access control.

    Effect: it is kept and reported.
    """
    original = models.Origin.__init__

    def init(self: Any, origin: dict[str, Any]) -> None:
        original(self, origin)
        self.origin_access_control_id = origin.get("OriginAccessControlId") or ""

    models.Origin.__init__ = init


@correction(seen_in="5.2.5")
def viewer_certificate() -> None:
    """Upstream: reports an empty certificate of ACM for CloudFront's own, and CloudFront's own for ACM's.

    Effect: only the certificate that was given is reported.
    """
    original = models.ViewerCertificate.__init__

    def init(self: Any, config: dict[str, Any]) -> None:
        original(self, config)
        self.acm_certificate_arn = config.get("ACMCertificateArn") or None
        self.iam_certificate_id = config.get("IAMCertificateId") or None
        self.cloud_front_default_certificate = not (self.acm_certificate_arn or self.iam_certificate_id)
        if self.cloud_front_default_certificate:
            self.ssl_support_method = "vip"

    models.ViewerCertificate.__init__ = init
