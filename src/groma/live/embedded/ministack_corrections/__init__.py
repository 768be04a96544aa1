"""Corrections of ministack, as those of moto in `groma.live.embedded.corrections`: one file per AWS service.

Some are no faults: they stand in for what only AWS's names and certificates give, so that a distribution
serves on loopback what it would serve on AWS.
"""

from __future__ import annotations

from collections.abc import Collection

from groma.live.embedded.corrections.registry import Correction, described

SEEN_IN = "1.5.33"


def all_corrections() -> tuple[Correction, ...]:
    """Every correction, in the order in which they are made. Imports ministack."""
    from groma.live.embedded.ministack_corrections import (
        api_gateway,
        cloudfront,
        cognito,
        functions,
        roles,
        sns,
        transport,
        unsigned,
    )

    installs = (
        api_gateway.host_name,
        api_gateway.jwt_authorizer,
        api_gateway.throttling,
        api_gateway.route_settings,
        cloudfront.response_headers,
        cloudfront.api_origin,
        cloudfront.viewers,
        cognito.filter_by_status,
        functions.own_place,
        roles.execution_role,
        sns.confirmation,
        transport.loopback_is_secure,
        unsigned.forms,
        unsigned.presigned,
        unsigned.routes,
    )
    return tuple(described(install, SEEN_IN) for install in installs)


def apply(without: Collection[str] = ()) -> None:
    """Correct the ministack of this process, but for the corrections named in `without`.

    Raises:
        ValueError: `without` names one that does not exist.
    """
    corrections = all_corrections()
    if unknown := set(without) - {correction.name for correction in corrections}:
        raise ValueError(f"there are no corrections {sorted(unknown)}")
    for correction in corrections:
        if correction.name not in without:
            correction.install()
