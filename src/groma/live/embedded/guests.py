"""What the embedded cloud has because a workload file says that it exists already."""

from __future__ import annotations

GUEST = "groma-guest:"
"""Begins the caller reference of such a hosted zone; after it stands the name or id that the file gives."""
GUEST_TAG = "groma:guest"
"""Tag of a VPC, of its subnets and security groups: the id that the file gives."""
