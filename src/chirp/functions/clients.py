"""What every function shares: its log, and clients of the AWS services that give up in time."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable
from typing import Any, TypeVar

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers
from botocore.config import Config

from chirp.functions.table import Store

T = TypeVar("T")

LOG = Logger()
"""JSON lines on standard output; the service's name and the level come from the environment."""

logging.getLogger("chirp")
copy_config_to_registered_loggers(LOG, include={"chirp"})  # what is shared with the servers logs plainly

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 4},
)
_S3_CONFIG = Config(
    signature_version="s3v4",
    s3={"us_east_1_regional_endpoint": "regional", "addressing_style": "virtual"},
)
"""By S3's regional names: the site's pages may send to no other, see the module `site`."""


def client(service: str) -> Any:
    """A boto3 client; region, endpoint and credentials come from the environment, as Lambda sets them."""
    config = _CONFIG.merge(_S3_CONFIG) if service == "s3" else _CONFIG
    make: Any = boto3.client  # its overloads know services by literal names only
    return make(service, config=config)


def store(name: str) -> Store:
    """The table of this name."""
    return Store(boto3.resource("dynamodb", config=_CONFIG).meta.client, name)


def at_start(make: Callable[[], T]) -> Callable[[], T]:
    """What an environment makes once: in Lambda as it starts, elsewhere when it is first asked for.

    What is made at the start is not of the first request's time; Lambda has ten seconds for it beside the
    function's timeout. Boto3 takes about half a second of a whole processor for four clients, and a function
    of 512 MiB has 0.29 of one.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (the init phase) and
    …/configuration-memory.html (a processor for each 1,769 MB).
    """
    once = functools.cache(make)
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        once()
    return once
