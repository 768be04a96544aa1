"""The journey of users through what is deployed: what they may do, and what must not pass.

The application leads its users; they are made for the journey under names of their own, and everything of
them is removed at the end. It goes through the distribution, as a browser does, and is the same against the
embedded cloud and AWS; what one of them cannot show, its finding says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from groma.application import PortableApplication
from groma.application.journey import Reply, Step
from groma.application.sample import built_in
from groma.architecture import Architecture, Finding
from groma.components.http_api import HttpApi
from groma.components.messaging import DeadLetterQueue, Queue
from groma.components.site import SiteDistribution
from groma.components.user_pool import UserPool
from groma.errors import CloudError
from groma.live.target import Web
from groma.live.verify import cleaning, dead_letters, flood
from groma.live.verify.findings import compare, judge, not_tried
from groma.live.verify.reading import Deployed, Site
from groma.live.verify.visitor import SiteError, Visitor, wait_for

T = TypeVar("T")
NEEDED = (SiteDistribution, HttpApi, UserPool)
OUTPUTS = ("distribution_domain_name", "api_domain_name", "user_pool_id", "table_name", "media_bucket_name")
MAILBOX = "success+{}@simulator.amazonses.com"
"""AWS's mailbox that takes every mail
(https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html, undated, read 2026-11-22)."""


@dataclass(frozen=True)
class SiteVisit:
    """A site as the users of a journey reach it: see `groma.application.journey.Visit`.

    Attributes:
        cognito: a client for the pool's region.
        user_pool_id: the pool of the site's users.
        fresh_within_s: how soon what one user does has to reach the others, in seconds.
    """

    visitor: Visitor
    cognito: Any
    user_pool_id: str
    fresh_within_s: float

    def ask(
        self, method: str, path: str, content: Mapping[str, object] | None = None, token: str = ""
    ) -> Reply:
        """One request."""
        return self.visitor.ask(method, path, content, token)

    def fill_in(self, url: str, fields: Mapping[str, str], file: bytes, content_type: str) -> Reply:
        """A form with a file."""
        return self.visitor.fill_in(url, fields, file, content_type)

    def address(self, user: str) -> str:
        """A mail address for a user."""
        return MAILBOX.format(user)

    def confirm(self, user: str) -> None:
        """Confirm a user who has signed up."""
        self.cognito.admin_confirm_sign_up(UserPoolId=self.user_pool_id, Username=user)

    def wait_for(self, look: Callable[[], T | None], within_s: float) -> tuple[T | None, float]:
        """What `look` finds at last."""
        return wait_for(look, within_s)


def journey(architecture: Architecture, deployed: Deployed) -> Iterator[Finding]:
    """Findings of the journey; none when the design has no such site, or its cloud cannot be visited.

    Raises:
        CloudError: the cloud does not let these credentials do what the journey needs.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    clients, outputs = deployed.clients, deployed.outputs
    if not all(architecture.of_type(kind) for kind in NEEDED) or not isinstance(clients, Site):
        return
    if not all(isinstance(outputs.get(name), str) for name in OUTPUTS):
        yield compare("journey.site", "users reach the site", "it answers", None)
        return
    try:
        yield from _journey(built_in(), architecture, deployed, clients)
    except SiteError as error:
        yield compare("journey.site", "users reach the site", "it answers", str(error))
    except (ClientError, BotoCoreError) as error:
        hint = "the journey makes two users and removes them: let these credentials do so"
        raise CloudError(str(error), where="the users' journey", hint=hint) from error


def _journey(
    application: PortableApplication, architecture: Architecture, deployed: Deployed, clients: Site
) -> Iterator[Finding]:
    named = {name: str(deployed.outputs[name]) for name in OUTPUTS}
    visit = SiteVisit(
        Visitor(clients.web(named["distribution_domain_name"])),
        clients.client("cognito-idp", architecture.region),
        named["user_pool_id"],
        max(queue.goal_s for queue in architecture.of_type(Queue)),
    )
    users = application.journey()
    try:
        for step in users.steps(visit):
            yield _finding(step)
    finally:
        cleaning.clean(clients, architecture.region, named, application.table, users.traces())
    yield from _bad_days(architecture, deployed, clients.web(named["api_domain_name"]))


def _finding(step: Step) -> Finding:
    finding_id = f"journey.{step.id}"
    if not step.was_tried:
        return not_tried(finding_id, step.what, step.expected, step.actual)
    return judge(finding_id, step.what, step.expected, step.actual, step.ok)


def _bad_days(architecture: Architecture, deployed: Deployed, api: Web) -> Iterator[Finding]:
    for dead in architecture.of_type(DeadLetterQueue):
        yield from dead_letters.poison(dead, architecture, deployed, api.is_embedded)
    (designed,) = architecture.of_type(HttpApi)
    yield flood.throttled(designed, Visitor(api))
