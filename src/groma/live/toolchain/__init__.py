"""The programs that Groma drives: Terraform or OpenTofu, and the AWS provider, found or fetched."""

from groma.live.toolchain.engine import (
    Engine,
    cache_directory,
    child_environment,
    find_engine,
    platform_name,
)
from groma.live.toolchain.provider import (
    ProviderSource,
    ensure_provider,
    registry_reachable,
)
from groma.live.toolchain.release import ensure_engine, fetch_terraform

__all__ = [
    "Engine",
    "ProviderSource",
    "cache_directory",
    "child_environment",
    "ensure_engine",
    "ensure_provider",
    "fetch_terraform",
    "find_engine",
    "platform_name",
    "registry_reachable",
]
