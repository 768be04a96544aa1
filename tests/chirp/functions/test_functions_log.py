"""What modules that the servers share log, a function logs in its own form."""

from __future__ import annotations

import json
import logging

from chirp.functions import clients, posts


def test_shared_modules_log_json_with_what_is_known_of_the_call() -> None:
    logger = logging.getLogger("chirp")
    assert set(clients.LOG.handlers) <= set(logger.handlers)
    assert not logger.propagate, "else Lambda's own handler writes each line again"
    assert posts.LOG.parent is not None
    assert posts.LOG.name.startswith("chirp.")
    record = posts.LOG.makeRecord(
        posts.LOG.name, logging.WARNING, "file", 1, "waits", (), None, extra={"post": "id", "reason": "why"}
    )
    said = json.loads(clients.LOG.handlers[0].format(record))
    assert (said["level"], said["message"], said["post"], said["reason"]) == ("WARNING", "waits", "id", "why")
