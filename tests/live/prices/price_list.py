"""A small price list in AWS's layout: offers and savings plans, with products that must not be taken."""

from __future__ import annotations

import json
from typing import Any

PUBLISHED = "2026-11-20T18:04:05Z"
LINUX = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "licenseModel": "No License required",
}
ANYWHERE = {"locationType": "Other", "regionCode": ""}
Dimension = tuple[str, str, str, str]
"""unit, beginRange, endRange, USD."""


class PriceList:
    """Offers by code: products and terms; `add` makes both."""

    def __init__(self, region: str = "us-east-1") -> None:
        self.region = region
        self.offers: dict[str, dict[str, Any]] = {}
        self.plans: dict[str, dict[str, Any]] = {}
        self.count = 0

    def add(
        self,
        code: str,
        usagetype: str,
        *prices: Dimension,
        family: str = "",
        reserved: list[dict[str, Any]] | None = None,
        **attributes: str,
    ) -> str:
        """One product with its on-demand price (tiers) and reservations; returns its SKU."""
        self.count += 1
        sku = f"SKU{self.count:04d}"
        offer = self.offers.setdefault(code, {"products": {}, "terms": {"OnDemand": {}, "Reserved": {}}})
        here = {"locationType": "AWS Region", "regionCode": self.region, "usagetype": usagetype}
        offer["products"][sku] = {"sku": sku, "productFamily": family, "attributes": here | attributes}
        if prices:
            offer["terms"]["OnDemand"][sku] = {f"{sku}.JRTC": {"priceDimensions": dimensions(sku, prices)}}
        for number, term in enumerate(reserved or []):
            codes = offer["terms"]["Reserved"].setdefault(sku, {})
            codes[f"{sku}.R{number}"] = term
        return sku

    def plan(
        self, code: str, family: str, rates: dict[str, str], term: str = "1yr", paid: str = "No Upfront"
    ) -> None:
        """A savings plan with its rates, as SKU of what it discounts → USD an hour."""
        self.count += 1
        sku = f"PLAN{self.count:04d}"
        made = self.plans.setdefault(code, {"products": [], "terms": {"savingsPlan": []}})
        attributes = {"purchaseOption": paid, "purchaseTerm": term, "regionCode": self.region}
        made["products"].append({"sku": sku, "productFamily": family, "attributes": attributes})
        listed = [
            {
                "discountedSku": discounted,
                "unit": "Hrs",
                "discountedRate": {"price": usd, "currency": "USD"},
                "discountedServiceCode": "AmazonEC2",
            }
            for discounted, usd in rates.items()
        ]
        lease = {"duration": int(term[0]), "unit": "year"}
        term_of = {"sku": sku, "description": f"{term} {family}", "leaseContractLength": lease}
        made["terms"]["savingsPlan"].append(term_of | {"rates": listed})

    def sku(self, code: str, **attributes: str) -> str:
        """Of the first product of an offer with these attributes."""
        products = self.offers[code]["products"].items()
        return next(sku for sku, each in products if attributes.items() <= each["attributes"].items())

    def body(self, code: str) -> bytes:
        head = {"formatVersion": "v1.0", "offerCode": code, "publicationDate": PUBLISHED}
        return json.dumps(head | self.offers[code]).encode()


def dimensions(sku: str, prices: tuple[Dimension, ...]) -> dict[str, Any]:
    return {
        f"{sku}.JRTC.{number}": {
            "unit": unit,
            "beginRange": begin,
            "endRange": end,
            "pricePerUnit": {"USD": usd},
            "description": "a price",
        }
        for number, (unit, begin, end, usd) in enumerate(prices)
    }


def reservation(length: str, option: str, *prices: Dimension, offering: str = "standard") -> dict[str, Any]:
    return {
        "termAttributes": {
            "LeaseContractLength": length,
            "PurchaseOption": option,
            "OfferingClass": offering,
        },
        "priceDimensions": dimensions("R", prices),
    }


def flat(unit: str, usd: str) -> Dimension:
    return (unit, "0", "Inf", usd)


def small_list(region: str = "us-east-1", prefix: str = "") -> PriceList:
    """All offers that a refresh reads, a few products each, with products that must not be taken."""
    made = PriceList(region)
    _add_ec2(made, prefix)
    _add_databases(made, prefix)
    balancer = "Load Balancer-Application"
    made.add("AWSELB", f"{prefix}LoadBalancerUsage", flat("Hrs", "0.0225"), family=balancer)
    made.add("AWSELB", f"{prefix}LoadBalancerUsage", flat("Hrs", "0.025"), family="Load Balancer")
    made.add("AWSELB", f"{prefix}LCUUsage", flat("LCU-Hrs", "0.008"), family=balancer)
    out = {"transferType": "AWS Outbound", "toLocation": "External", "fromRegionCode": region}
    tiers = (
        ("GB", "0", "10240", "0.0900000000"),
        ("GB", "10240", "51200", "0.0850000000"),
        ("GB", "51200", "153600", "0.0700000000"),
        ("GB", "153600", "Inf", "0.0500000000"),
    )
    made.add("AWSDataTransfer", f"{prefix}DataTransfer-Out-Bytes", *reversed(tiers), **out)
    inside = {"transferType": "IntraRegion", "fromRegionCode": region}
    made.add("AWSDataTransfer", f"{prefix}DataTransfer-Regional-Bytes", flat("GB", "0.01"), **inside)
    far = {"transferType": "InterRegion Outbound", "fromRegionCode": region, "toRegionCode": "eu-west-1"}
    made.add("AWSDataTransfer", f"{prefix}EU-AWS-Out-Bytes", flat("GB", "0.02"), **far)
    made.add("AWSDataTransfer", f"{prefix}EU-AWS-In-Bytes", flat("GB", "0"), **far)
    near = far | {"toRegionCode": "us-east-2" if region == "us-east-1" else "eu-west-2"}
    usd = "0.01" if region == "us-east-1" else "0.02"
    made.add("AWSDataTransfer", f"{prefix}USE2-AWS-Out-Bytes", flat("GB", usd), **near)
    made.add("AmazonVPC", f"{prefix}PublicIPv4:InUseAddress", flat("Hrs", "0.006"))
    made.add("AmazonVPC", f"{prefix}VpcEndpoint-Hours", flat("Hrs", "0.011"), family="VpcEndpoint")
    made.add("AmazonVPC", f"{prefix}VpcEndpoint-Bytes", flat("GB", "0.01"), family="VpcEndpoint")
    storage = (("GB-Mo", "0", "51200", "0.023"), ("GB-Mo", "51200", "512000", "0.022"))
    standard = {"volumeType": "Standard"}
    made.add(
        "AmazonS3", f"{prefix}TimedStorage-ByteHrs", *storage, ("GB-Mo", "512000", "Inf", "0.021"), **standard
    )
    overhead = {"volumeType": "INTAAS3ObjectOverhead"}
    made.add("AmazonS3", f"{prefix}TimedStorage-ByteHrs", flat("GB-Mo", "9"), **overhead)
    made.add("AmazonS3", f"{prefix}EU-S3RTC-Out-Bytes", flat("GB", "0.015"))
    made.add("AmazonS3", f"{prefix}APS1-S3RTC-Out-Bytes", flat("GB", "0.015"))
    made.add("AmazonS3", f"{prefix}Requests-Tier1", flat("Requests", "0.000005"))
    made.add("AmazonS3", f"{prefix}Requests-Tier2", flat("Requests", "0.0000004"))
    _add_monitoring(made, prefix)
    made.add("AWSLambda", f"{prefix}Request-ARM", flat("Requests", "0.0000002"))
    made.add("AWSLambda", f"{prefix}Lambda-GB-Second-ARM", flat("seconds", "0.0000133334"))
    made.add("AWSLambda", f"{prefix}Request", flat("Requests", "0.0000002"))
    made.add("AWSLambda", f"{prefix}Lambda-GB-Second", flat("seconds", "0.0000166667"))
    made.add("AmazonApiGateway", f"{prefix}ApiGatewayHttpRequest", flat("Requests", "0.000001"))
    made.add("AmazonApiGateway", f"{prefix}ApiGatewayRequest", flat("Requests", "0.0000035"))
    made.add("AmazonDynamoDB", f"{prefix}ReadRequestUnits", flat("ReadRequestUnits", "0.000000125"))
    made.add("AmazonDynamoDB", f"{prefix}WriteRequestUnits", flat("WriteRequestUnits", "0.000000625"))
    _add_containers(made, prefix or "USE1-")
    _add_dynamodb(made, prefix)
    _add_messaging(made, prefix)
    _add_security(made, prefix)
    _add_everywhere(made)
    _add_plans(made)
    return made


def _add_plans(made: PriceList) -> None:
    """Plans of every term and payment, of which one each is the wanted one."""
    m7g = made.sku("AmazonEC2", instanceType="m7g.large", operatingSystem="Linux", tenancy="Shared")
    compute = "AWSComputeSavingsPlan"
    made.plan(compute, "ComputeSavingsPlans", {m7g: "9"}, term="3yr")
    made.plan(compute, "ComputeSavingsPlans", {m7g: "9"}, paid="All Upfront")
    made.plan(compute, "EC2InstanceSavingsPlans", {m7g: "9"})
    made.plan(compute, "ComputeSavingsPlans", {m7g: "0.051", "SKUOFFARGATE": "9"})
    postgres = made.sku("AmazonRDS", databaseEngine="PostgreSQL", instanceType="db.m7g.large")
    aurora = made.sku("AmazonRDS", databaseEngine="Aurora PostgreSQL")
    valkey = made.sku("AmazonElastiCache", cacheEngine="Valkey")
    rates = {postgres: "0.13", aurora: "0.25", valkey: "0.1"}
    made.plan("AWSDatabaseSavingsPlans", "DatabaseSavingsPlans", rates)


def _add_monitoring(made: PriceList, prefix: str) -> None:
    for usage, usd in (
        ("CW:MetricMonitorUsage", "0.3"),
        ("CW:AlarmMonitorUsage", "0.1"),
        ("CW:CompositeAlarmMonitorUsage", "0.5"),
    ):
        made.add("AmazonCloudWatch", prefix + usage, flat("Metrics", usd))
    made.add("AmazonCloudWatch", f"{prefix}DataProcessing-Bytes", flat("GB", "0.5"))
    made.add("AmazonCloudWatch", f"{prefix}TimedStorage-ByteHrs", flat("GB-Mo", "0.03"))
    made.add("AmazonCloudWatch", f"{prefix}VendedLog-Bytes", flat("GB", "0.51"))
    made.add("AmazonCloudWatch", f"{prefix}VendedLog-Bytes-CFLogs", flat("GB", "9"))
    made.add("AmazonCloudWatch", "DashboardsUsageHour", flat("Dashboards", "3"), **ANYWHERE)
    made.add("AmazonCloudWatch", "DashboardsUsageHour-Basic", flat("Dashboards", "9"), **ANYWHERE)


def _add_dynamodb(made: PriceList, prefix: str) -> None:
    code = "AmazonDynamoDB"
    made.add(code, f"{prefix}ReplWriteRequestUnits", flat("ReplicatedWriteRequestUnits", "0.000000625"))
    for usage, unit in (("Read", "0.00013"), ("Write", "0.00065")):
        tiers = (("Hrs", "0", "18600", "0"), ("Hrs", "18600", "Inf", unit))
        made.add(code, f"{prefix}{usage}CapacityUnit-Hrs", *tiers)
        made.add(code, f"{prefix}IA-{usage}CapacityUnit-Hrs", flat("Hrs", "9"))
    made.add(code, f"{prefix}TimedStorage-ByteHrs", ("GB-Mo", "0", "25", "0"), ("GB-Mo", "25", "Inf", "0.26"))
    made.add(code, f"{prefix}IA-TimedStorage-ByteHrs", flat("GB-Mo", "9"))
    made.add(code, f"{prefix}TimedPITRStorage-ByteHrs", flat("GB-Mo", "0.21"))


def _add_messaging(made: PriceList, prefix: str) -> None:
    """Requests of queues are named otherwise in us-east-1, where usage types have no prefix."""
    name = "Tier1" if prefix else "RBP"
    kinds = {"Standard": ("", "0.0000004"), "FIFO (first-in, first-out)": ("FIFO-", "0.0000005")}
    for kind, (start, usd) in kinds.items():
        usage = f"{prefix}Requests-{start}{name}"
        made.add("AWSQueueService", usage, flat("Requests", usd), queueType=kind)
    made.add("AWSQueueService", f"{prefix}Requests-Fair-{name}", flat("Requests", "9"), queueType="Fair")
    free = (("Requests", "0", "1000000", "0"), ("Requests", "1000000", "Inf", "0.0000006"))
    made.add("AmazonSNS", f"{prefix}Requests-Tier1", *free)
    mails = (("Notifications", "0", "1000", "0"), ("Notifications", "1000", "Inf", "0.00003"))
    made.add("AmazonSNS", f"{prefix}DeliveryAttempts-SMTP", *mails)
    made.add("AmazonSNS", f"{prefix}DeliveryAttempts-HTTP", flat("Notifications", "9"))


def _add_security(made: PriceList, prefix: str) -> None:
    made.add("awskms", f"{made.region}-KMS-Keys", flat("Keys", "1.1"))
    made.add("awskms", f"{made.region}-KMS-Requests", flat("Requests", "0.000003"))
    made.add("awskms", f"{made.region}-KMS-Requests-Asymmetric", flat("Requests", "9"))
    for usage, usd in (("AWSSecretsManager-Secrets", "0.41"), ("AWSSecretsManagerAPIRequest", "0.000005")):
        made.add("AWSSecretsManager", prefix + usage, flat("Secrets", usd))
    for usage, usd in (("WebACLV2", "5.5"), ("RuleV2", "1"), ("RequestV2-Tier1", "0.0000006")):
        made.add("awswaf", prefix + usage, flat("Month", usd))
        made.add("awswaf", f"{prefix}ShieldProtected-{usage}", flat("Month", "0"))
    free = (("Request", "0", "10000000", "0"), ("Request", "10000000", "Inf", "0.000001"))
    made.add("awswaf", f"{prefix}AMR-BotControl", flat("Month", "10"))
    made.add("awswaf", f"{prefix}AMR-BotControl-Request", *free)
    made.add("awswaf", f"{prefix}AMR-BotControl-Targeted-Request", flat("Request", "9"))
    made.add("AWSXRay", f"{prefix or 'USE1-'}XRay-TracesStored", flat("traces", "0.000006"))
    made.add("AWSXRay", "Global-XRay-TracesStored", ("traces", "0", "100000", "0"), **ANYWHERE)
    made.add("AmazonCognito", f"{prefix}CognitoLiteMAU", flat("MAU", "0.0055"))


def _add_containers(made: PriceList, prefix: str) -> None:
    """Tasks on Fargate, Windows beside them."""
    for usage, usd in (
        ("Fargate-vCPU-Hours:perCPU", "0.04048"),
        ("Fargate-GB-Hours", "0.004445"),
        ("Fargate-ARM-vCPU-Hours:perCPU", "0.03238"),
        ("Fargate-ARM-GB-Hours", "0.00356"),
        ("Fargate-Windows-vCPU-Hours:perCPU", "0.09148"),
        ("Fargate-EphemeralStorage-GB-Hours", "0.000111"),
    ):
        made.add("AmazonECS", prefix + usage, flat("hours", usd))


def _add_everywhere(made: PriceList) -> None:
    """What stands in the global file alone, and the products of regions that stand there beside it."""
    zones = (("HostedZone", "0", "25", "0.5"), ("HostedZone", "25", "Inf", "0.1"))
    made.add("AmazonRoute53", "HostedZone", *zones, **ANYWHERE)
    made.add("AmazonRoute53", "DNS-Queries", flat("Queries", "0.0000004"), **ANYWHERE)
    made.add("AmazonRoute53", "USE1-DNS-Queries", flat("Queries", "9"))
    checks = (("Checks", "0", "50", "0"), ("Checks", "50", "Inf", "0.5"))
    made.add("AmazonRoute53", "Health-Check-AWS", *checks, **ANYWHERE)
    made.add("AmazonRoute53", "Health-Check-Option-AWS", flat("Options", "1"), **ANYWHERE)
    for place in ("US", "EU", "ZA", "ME", "SA", "JP", "AU", "AP", "IN"):
        usd = "0.086" if place == "EU" else "0.12"
        made.add("AmazonCloudFront", f"{place}-DataTransfer-Out-Bytes", flat("GB", usd), **ANYWHERE)
        made.add("AmazonCloudFront", f"{place}-DataTransfer-Out-OBytes", flat("GB", "0.02"), **ANYWHERE)
        for usage, each in (("Requests-Tier2-HTTPS", "0.000001"), ("Requests-Tier1", "0.00000075")):
            made.add("AmazonCloudFront", f"{place}-{usage}", flat("Requests", each), **ANYWHERE)


def _add_ec2(made: PriceList, prefix: str) -> None:
    def machine(name: str, usd: str, **changes: str) -> None:
        attributes = LINUX | {"instanceType": name} | changes
        usage = changes.pop("usagetype", f"{prefix}BoxUsage:{name}")
        attributes.pop("usagetype", None)
        terms = [
            reservation("1yr", "No Upfront", flat("Hrs", "0.05")),
            reservation("1yr", "No Upfront", flat("Hrs", "0.06"), offering="convertible"),
            reservation("1yr", "All Upfront", ("Quantity", "", "", "400"), flat("Hrs", "0")),
            reservation("3yr", "No Upfront", flat("Hrs", "0.03")),
        ]
        made.add(
            "AmazonEC2", usage, flat("Hrs", usd), family="Compute Instance", reserved=terms, **attributes
        )

    machine("m7g.large", "0.0700000000")
    machine("m7g.large", "9", operatingSystem="Windows")
    machine("m7g.large", "9", tenancy="Dedicated")
    machine("m7g.large", "9", preInstalledSw="SQL Web")
    machine(
        "m7g.large", "9", usagetype=f"{prefix}UnusedBox:m7g.large", capacitystatus="UnusedCapacityReservation"
    )
    machine("m7g.large", "9", locationType="AWS Local Zone")
    machine("u-24tb1.metal", "9")
    made.add("AmazonEC2", f"{prefix}EBS:VolumeUsage.gp3", flat("GB-Mo", "0.081"), family="Storage")
    made.add("AmazonEC2", f"{prefix}EBS:VolumeP-IOPS.gp3", flat("IOPS-Mo", "0.005"))
    made.add("AmazonEC2", f"{prefix}EBS:VolumeP-Throughput.gp3", flat("GiBps-mo", "40.96"))
    made.add("AmazonEC2", f"{prefix}NatGateway-Hours", flat("Hrs", "0.046"), family="NAT Gateway")
    made.add("AmazonEC2", f"{prefix}NatGateway-Bytes", flat("GB", "0.045"), family="NAT Gateway")


IO2 = (
    ("PIOPS-Storage-IO2", "GB-Mo", "0.126"),
    ("Multi-AZ-PIOPS-Storage-IO2", "GB-Mo", "0.252"),
    ("IO2-PIOPS", "IOPS-Mo", "0.101"),
    ("Multi-AZ-IO2-PIOPS", "IOPS-Mo", "0.202"),
)


def _add_databases(made: PriceList, prefix: str) -> None:
    terms = [
        reservation("1yr", "No Upfront", flat("Hrs", "0.12")),
        reservation("3yr", "Partial Upfront", ("Quantity", "", "", "1051.2"), flat("Hrs", "0.04")),
        reservation("3yr", "All Upfront", ("Quantity", "", "", "2000"), flat("Hrs", "0")),
    ]
    postgres = {"databaseEngine": "PostgreSQL", "instanceType": "db.m7g.large"}
    made.add(
        "AmazonRDS", f"{prefix}InstanceUsage:db.m7g.large", flat("Hrs", "0.16"), reserved=terms, **postgres
    )
    made.add("AmazonRDS", f"{prefix}Multi-AZUsage:db.m7g.large", flat("Hours", "0.33"), **postgres)
    made.add(
        "AmazonRDS", f"{prefix}ExtendedSupport:Yr1-Yr2:PostgreSQL11", flat("vCPU-hour", "0.1"), **postgres
    )
    oracle = postgres | {"databaseEngine": "Oracle"}
    made.add("AmazonRDS", f"{prefix}InstanceUsage:db.m7g.large", flat("Hrs", "9"), **oracle)
    shortened = {"databaseEngine": "PostgreSQL", "instanceType": "db.r6g.xlarge"}
    made.add("AmazonRDS", f"{prefix}InstanceUsage:db.r6g.xl", flat("Hrs", "0.44"), **shortened)
    for engine in ("PostgreSQL", "MySQL"):
        made.add("AmazonRDS", f"{prefix}RDS:GP3-Storage", flat("GB-Mo", "0.116"), databaseEngine=engine)
    made.add("AmazonRDS", f"{prefix}RDS:Multi-AZ-GP3-Storage", flat("GB-Mo", "0.232"), **postgres)
    for usage, unit, usd in IO2:
        made.add("AmazonRDS", f"{prefix}RDS:{usage}", flat(unit, usd), **postgres)
    made.add("AmazonRDS", f"{prefix}RDS:ChargedBackupUsage", flat("GB-Mo", "0.096"), **postgres)
    made.add("AmazonRDS", f"{prefix}RDS:ChargedBackupUsage", flat("GB-Mo", "9"), **oracle)
    for family, usd in (("t3", "0.076"), ("t4g", "0.075")):
        made.add("AmazonRDS", f"{prefix}CPUCredits:db.{family}", flat("vCPU-hour", usd), **postgres)
        made.add("AmazonRDS", f"{prefix}CPUCredits:db.{family}", flat("vCPU-hour", "9"), **oracle)
    _add_aurora(made, prefix)
    cache = {"cacheEngine": "Valkey", "instanceType": "cache.m7g.large"}
    made.add("AmazonElastiCache", f"{prefix}NodeUsage:cache.m7g.large", flat("Hrs", "0.12"), **cache)


def _add_aurora(made: PriceList, prefix: str) -> None:
    aurora = {"databaseEngine": "Aurora PostgreSQL", "instanceType": "db.r7g.large"}
    made.add("AmazonRDS", f"{prefix}InstanceUsage:db.r7g.large", flat("Hrs", "0.31"), **aurora)
    made.add("AmazonRDS", f"{prefix}InstanceUsageIOOptimized:db.r7g.large", flat("Hrs", "9"), **aurora)
    units = {"StorageUsage": "0.11", "StorageIOUsage": "0.00000022", "ReplicatedWriteIO": "0.00000021"}
    for usage, usd in units.items():
        made.add("AmazonRDS", f"{prefix}Aurora:{usage}", flat("GB-Mo", usd), databaseEngine="Any")
    made.add("AmazonRDS", f"{prefix}Aurora:IO-OptimizedStorageUsage", flat("GB-Mo", "9"), **aurora)
    made.add("AmazonRDS", f"{prefix}Aurora:BackupUsage", flat("GB-Mo", "0.022"), **aurora)
    other = {"databaseEngine": "Aurora MySQL"}
    made.add("AmazonRDS", f"{prefix}Aurora:BackupUsage", flat("GB-Mo", "9"), **other)
