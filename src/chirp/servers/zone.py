"""The availability zone in which this instance stands, from its metadata service (IMDSv2)."""

from __future__ import annotations

import http.client
from http import HTTPStatus


def ask_zone(metadata: str, timeout_s: float = 1.0) -> str | None:
    """The zone, or None when the service at host `metadata` does not answer."""
    connection = http.client.HTTPConnection(metadata, timeout=timeout_s)
    try:
        headers = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        connection.request("PUT", "/latest/api/token", headers=headers)
        token = connection.getresponse().read().decode()
        path = "/latest/meta-data/placement/availability-zone"
        connection.request("GET", path, headers={"X-aws-ec2-metadata-token": token})
        response = connection.getresponse()
        return response.read().decode() if response.status == HTTPStatus.OK else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
