"""What the emulators do more often than they need to, done once or waited for."""

from __future__ import annotations

import queue
import time
from functools import cache
from string import ascii_letters, digits
from typing import Any


def remember_what_stays() -> None:
    """Let moto keep the methods of its classes and the names of its modules.

    moto (5.2) lists every member of a class for each call, and its own folder on the disk for each request: a
    sixth of what a request takes of a processor.
    """
    from moto import backends
    from moto.core import responses

    modules = tuple(backends.list_of_moto_modules())
    responses.method_names_from_class = cache(responses.method_names_from_class)
    backends.list_of_moto_modules = lambda: modules


def know_regions() -> None:
    """Let botocore name EC2's regions without its model. To be called before moto is loaded.

    moto (5.2) asks for them three times while it is loaded, and botocore reads all that EC2 can do each time
    to learn that its addresses begin with "ec2": a third of what moto takes of a processor to start.
    """
    import boto3
    from botocore.loaders import Loader
    from botocore.regions import EndpointResolver

    kind: Any = boto3.Session
    ask = kind.get_available_regions
    addresses = cache(lambda: EndpointResolver(Loader().load_data("endpoints")))

    def regions(session: Any, service_name: str, *args: Any, **kwargs: Any) -> list[str]:
        if service_name != "ec2":
            return list(ask(session, service_name, *args, **kwargs))
        return list(addresses().get_available_endpoints(service_name, *args, **kwargs))

    kind.get_available_regions = regions


def look_for_keys_where_some_are() -> None:
    """Let moto look whose a key is only where something has been made.

    moto (5.2) looks in each partition of AWS, and so makes IAM with AWS's 1,582 policies in each, which are
    then saved and restored with everything else.
    """
    from moto.iam import models

    def account_of(access_key: str) -> str:
        for account_id, partitions in list(models.iam_backends.items()):
            if any(access_key in iam.access_keys for iam in list(partitions.values())):
                return str(account_id)
        return str(models.DEFAULT_ACCOUNT_ID)

    models.get_account_id_from = account_of


def draw_at_once() -> None:
    """Let moto draw the characters of a random text at once: the id of each answer has 52."""
    from moto.moto_api._internal.moto_random import MotoRandom

    def string(
        random: MotoRandom, length: int = 20, include_digits: bool = True, lower_case: bool = False
    ) -> str:
        pool = ascii_letters + (digits if include_digits else "")
        drawn = "".join(random.choices(pool, k=length))
        return drawn.lower() if lower_case else drawn

    MotoRandom.get_random_string = string


def draw_ids_of_ec2_at_once() -> None:
    """The same for the ids of EC2, which begins with 1,301 images, each with a volume and a snapshot."""
    from moto.ec2 import utils
    from moto.moto_api._internal import mock_random

    utils.random_resource_id = lambda size=8: "".join(mock_random.choices("0123456789abcdef", k=size))


def wait_for_logs() -> None:
    """Let ministack wait for what a function logs, where it looks a thousand times a second.

    ministack (1.5.33) ends each call of a function by looking for lines until none has come for a while: two
    thirds of what a call takes of a processor.
    """
    from ministack.core.lambda_runtime import Worker

    Worker._drain_stderr_bounded = _logged


def _logged(
    worker: Any, first_line_wait: float = 0.05, idle_confirm: float = 0.005, hard_cap: float = 0.25
) -> str:
    """The lines that have come and still come, with ministack's own limits of waiting, in seconds."""
    lines: list[str] = []
    until, patience = time.monotonic() + hard_cap, first_line_wait
    while (left := min(patience, until - time.monotonic())) > 0:
        try:
            lines.append(worker._stderr_queue.get(timeout=left))
        except queue.Empty:
            break
        patience = idle_confirm
    return "\n".join(lines)
