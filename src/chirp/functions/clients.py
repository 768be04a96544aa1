"""What every function shares: its log, and clients of the AWS services that give up in time."""

from __future__ import annotations

import logging
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers
from botocore.config import Config

from chirp.functions.table import Store

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
