"""serverless: requests call functions, and what need not be waited for goes through queues.

users → client machines → Route 53
                        → CloudFront, guarded by WAF → S3 site bucket, S3 media bucket
                                                     → API Gateway (Cognito's tokens) → Lambda → DynamoDB
                        → S3 media bucket (uploads)
Lambda → SNS → SQS → Lambda → DynamoDB (timelines);  S3 media bucket → SNS → SQS → Lambda (thumbnails)

    units.py       what is to be sized
    elements.py    what stands there; behind.py: the functions, topics and queues of it
    links.py       how it is connected
    decisions.py   what was decided besides
"""

from __future__ import annotations

from groma.architecture import Architecture, Place
from groma.blueprints.places import OUTSIDE, home_region
from groma.blueprints.serverless.decisions import decisions
from groma.blueprints.serverless.elements import elements
from groma.blueprints.serverless.links import links
from groma.blueprints.serverless.units import units
from groma.blueprints.whole import whole
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

__all__ = ["assemble", "decisions", "units"]


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
    """The serverless architecture with the sizes of a plan."""
    places = (*OUTSIDE, Place("region", "region", home_region(workload).name, "cloud"))
    return whole(workload, places, elements(workload, demand, plan), links(workload, demand))
