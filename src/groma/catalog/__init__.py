"""Dated facts of AWS: prices, hardware, limits, service-level agreements.

Each figure carries its source and date. A price that is not known is None: never 0, and never scaled
from another region. Tables are JSON files in ``data/``, each loaded at its first use;
figures that the user refreshed since (``fresh``) go before older ones.

    fargate.py    steps of CPU and memory of a task
    facts.py      limits, behaviour over time, service-level agreements
    hardware.py   what a machine offers
    places.py     regions and zones
    prices.py     machines by the hour
    services.py   unit prices, with tiers and allowances
    quotas.py     what an account may have of a thing
    recommended.py  the alarms that AWS recommends
    fresh.py      prices that the user refreshed
    own.py        one's own prices, laid over all of these
    quotes.py     all that is known of one thing's price
    _store.py     reading of the tables

Unit prices are asked for by service and key, ``unit_price("natgateway", "hour", "us-east-1")``;
``unit_keys()`` lists all of them. Those that a web application of three tiers meets:

    elb             alb_hour  alb_lcu_hour
    natgateway      hour  gb_processed
    vpc             public_ipv4_in_use  interface_endpoint_hour  interface_endpoint_gb
    ebs             gp3_storage  gp3_iops_over_3000  gp3_throughput_over_125  snapshot_standard
    rds             storage_gp3_single  storage_gp3_multi  storage_io2_single  storage_io2_multi
                    io2_iops_single  io2_iops_multi  backup_over_free  gp3_iops_over_baseline_single
    datatransfer    internet_out  cross_az_each_direction  inter_region_out
    cloudfront      internet_out  https_requests  http_requests  origin_out  invalidation_paths
    s3              standard_storage  put_copy_post_list  get_and_other
    fargate         vcpu_hour_x86  gb_hour_x86  vcpu_hour_arm  gb_hour_arm
    cloudwatch      custom_metric  alarm_standard  alarm_composite  dashboard  logs_ingest_standard
                    logs_storage
    route53         hosted_zone  queries_standard  health_check_aws_endpoint
    secretsmanager  secret  api_request
    kms             key  requests
    sns             api_requests  email_notifications
    budgets         cost_budget
"""

from __future__ import annotations

from groma.catalog._store import forget, memo
from groma.catalog.facts import Fact, Sla, fact, fact_names, sla, sla_names
from groma.catalog.fargate import FargateSize, fargate_size, fargate_sizes, fargate_usd
from groma.catalog.hardware import (
    CacheNode,
    DatabaseClass,
    Engine,
    InstanceType,
    Performance,
    aurora_classes,
    cache_node,
    cache_nodes,
    database_class,
    database_classes,
    instance_type,
    instance_types,
    performance,
)
from groma.catalog.own import memo_of_prices, own_prices
from groma.catalog.places import Region, region, regions
from groma.catalog.prices import (
    Price,
    Purchase,
    SpotAdvice,
    aurora_price,
    ec2_price,
    elasticache_price,
    rds_price,
    spot_advice,
)
from groma.catalog.quotas import Quota, quota, quota_names
from groma.catalog.quotes import Quote, Quotes, quotes
from groma.catalog.services import Tier, TieredPrice, UnknownPrice, unit_keys, unit_of, unit_price

__all__ = [
    "CacheNode",
    "DatabaseClass",
    "Engine",
    "Fact",
    "FargateSize",
    "InstanceType",
    "Performance",
    "Price",
    "Purchase",
    "Quota",
    "Quote",
    "Quotes",
    "Region",
    "Sla",
    "SpotAdvice",
    "Tier",
    "TieredPrice",
    "UnknownPrice",
    "aurora_classes",
    "aurora_price",
    "cache_node",
    "cache_nodes",
    "database_class",
    "database_classes",
    "ec2_price",
    "elasticache_price",
    "fact",
    "fact_names",
    "fargate_size",
    "fargate_sizes",
    "fargate_usd",
    "forget",
    "instance_type",
    "instance_types",
    "memo",
    "memo_of_prices",
    "own_prices",
    "performance",
    "quota",
    "quota_names",
    "quotes",
    "rds_price",
    "region",
    "regions",
    "sla",
    "sla_names",
    "spot_advice",
    "unit_keys",
    "unit_of",
    "unit_price",
]
