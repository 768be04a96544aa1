"""Refreshing prices, against a server on loopback in the documented layout, whole and broken."""

from __future__ import annotations

import json

import pytest
from price_list import flat, small_list
from price_server import serving

from groma import catalog
from groma.errors import InputError
from groma.live.prices import PriceListError, refresh
from groma.live.prices.offers import OFFERS
from groma.live.prices.plans import PLANS
from groma.live.prices.stream import read_offer

HERE = "us-east-1"
INDEX = "/offers/v1.0/aws/index.json"


def usd(price: object) -> float:
    assert price is not None
    return price.usd  # type: ignore[attr-defined, no-any-return]


def test_refreshed_figures_go_before_packaged_ones_with_their_own_source(served, prices):
    done = refresh(HERE, base_url=served.url)
    assert (done.as_of, done.left_out, done.path) == ("2026-11-20", (), prices / "us-east-1.json")
    m7g = catalog.ec2_price(HERE, "m7g.large")
    assert m7g == catalog.Price(0.07, "hour", "AWS public price list, offer AmazonEC2", "2026-11-20")
    assert usd(catalog.ec2_price(HERE, "m7g.large", "reserved-1y")) == 0.05
    assert usd(catalog.ec2_price(HERE, "m7g.large", "reserved-3y")) == 0.03
    assert usd(catalog.rds_price(HERE, "db.m7g.large")) == 0.16
    assert usd(catalog.rds_price(HERE, "db.m7g.large", multi_az=True)) == 0.33
    assert usd(catalog.rds_price(HERE, "db.m7g.large", purchase="reserved-1y")) == 0.12
    assert usd(catalog.elasticache_price(HERE, "cache.m7g.large", "valkey")) == 0.12


def test_three_years_of_a_database_spread_what_is_paid_in_advance(served, prices):
    refresh(HERE, base_url=served.url)
    price = catalog.rds_price(HERE, "db.m7g.large", purchase="reserved-3y")
    assert usd(price) == pytest.approx(0.04 + 1051.2 / 26_280)


def test_the_class_is_read_from_its_attribute_since_usage_types_shorten_it(served, prices):
    refresh(HERE, base_url=served.url)
    assert usd(catalog.rds_price(HERE, "db.r6g.xlarge")) == 0.44


def test_what_the_list_lacks_stays_packaged(served, prices):
    before = catalog.ec2_price(HERE, "c7g.large")
    refresh(HERE, base_url=served.url)
    assert catalog.ec2_price(HERE, "c7g.large") == before
    assert catalog.ec2_price("eu-west-1", "m7g.large").as_of == "2025-11-03"


@pytest.mark.parametrize(
    ("service", "key", "quantity", "expected"),
    [
        ("elb", "alb_hour", 730, 16.425),
        ("natgateway", "hour", 100, 4.6),
        ("ebs", "gp3_throughput_over_125", 100, 4.0),  # 40.96 a GiB/s is 0.04 a MiB/s
        ("vpc", "public_ipv4_in_use", 10, 0.06),
        ("s3", "standard_storage", 60_000, 51_200 * 0.023 + 8_800 * 0.022),
        ("route53", "hosted_zone", 30, 25 * 0.5 + 5 * 0.1),
        ("sqs", "fifo_request", 3_000_000, 1.0),  # a million free
        ("rds", "storage_gp3_single", 100, 11.6),
        ("rds", "storage_gp3_multi", 100, 23.2),
        ("rds", "storage_io2_single", 100, 12.6),
        ("rds", "storage_io2_multi", 100, 25.2),
        ("rds", "io2_iops_single", 1_000, 101.0),
        ("rds", "io2_iops_multi", 1_000, 202.0),
        ("rds", "backup_over_free", 100, 9.6),
        ("rds", "cpu_credit_t3", 100, 7.6),
        ("aurora", "storage_standard", 100, 11.0),
        ("aurora", "io_standard", 1e6, 0.22),
        ("aurora", "backup_over_free", 100, 2.2),
        ("aurora", "replicated_write_io", 1e6, 0.21),
        ("s3", "replication_time_control", 100, 1.5),
        ("datatransfer", "inter_region_out", 100, 2.0),
        ("cloudwatch", "vended_logs", 100, 51.0),
        ("cloudwatch", "dashboard", 5, 6.0),  # three free
        ("dynamodb", "provisioned_read", 20_000, 1_400 * 0.00013),  # the list has its own allowance
        ("dynamodb", "storage_standard", 125, 26.0),
        ("dynamodb", "pitr", 100, 21.0),
        ("sns", "api_requests", 2_000_000, 0.6),
        ("sns", "email_notifications", 11_000, 0.3),
        ("kms", "key", 1, 1.1),
        ("secretsmanager", "secret", 1, 0.41),
        ("waf", "web_acl", 1, 5.5),
        ("xray", "traces_recorded", 1_100_000, 6.0),  # 100,000 free
        ("cognito", "mau_lite", 20_000, 55.0),  # 10,000 free
        ("route53", "queries_standard", 1e6, 0.4),
        ("route53", "health_check_aws_endpoint", 52, 1.0),  # fifty free
        ("route53", "health_check_option_aws", 3, 3.0),
    ],
)
def test_tiers_and_units_are_those_of_the_catalog(served, prices, service, key, quantity, expected):
    refresh(HERE, base_url=served.url)
    price = catalog.unit_price(service, key, HERE)
    assert price is not None
    assert price.as_of == "2026-11-20"
    assert price.cost(quantity) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("place", "usd"), [("eu", 0.086), ("eu-west-1", 0.086), ("za-me", 0.12), (HERE, 0.12)]
)
def test_cloudfront_is_read_by_place_for_every_region(served, prices, place, usd):
    refresh(HERE, base_url=served.url)
    price = catalog.unit_price("cloudfront", "internet_out", place)
    assert (price.as_of, price.free_quantity, price.marginal(2_000)) == ("2026-11-20", 1024, usd)


def test_what_costs_the_same_everywhere_is_read_with_any_region(served, prices):
    refresh(HERE, base_url=served.url)
    assert catalog.unit_price("route53", "hosted_zone", "sa-east-1").as_of == "2026-11-20"
    assert catalog.unit_price("kms", "key", "sa-east-1").as_of == "2025-08-28"


def test_aurora_is_known_where_it_was_read(prices):
    assert catalog.aurora_price("eu-west-1", "db.r7g.large") is None
    with serving(small_list("eu-west-1", "EU-")) as served:
        refresh("eu-west-1", base_url=served.url)
    assert usd(catalog.aurora_price("eu-west-1", "db.r7g.large")) == 0.31


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
def test_an_offer_finds_all_that_it_says_it_reads(served, offer):
    path = served.path(offer.code)
    found = read_offer([served.files[path]], offer, HERE, path)
    assert set(offer.reads) == found.names()
    assert set(offer.required) <= set(offer.reads)


def test_what_an_offer_does_not_have_is_named(served, prices):
    gone = [sku for sku, product in served.made.offers["AmazonSNS"]["products"].items()
            if product["attributes"]["usagetype"] == "DeliveryAttempts-SMTP"]  # fmt: skip
    del served.made.offers["AmazonSNS"]["products"][gone[0]]
    served.publish()
    assert refresh(HERE, base_url=served.url).left_out == ("sns/email_notifications: not in the list",)


def test_the_free_allowance_is_kept_below_refreshed_tiers(served, prices):
    before = catalog.unit_price("datatransfer", "internet_out", HERE)
    refresh(HERE, base_url=served.url)
    after = catalog.unit_price("datatransfer", "internet_out", HERE)
    assert after.tiers == before.tiers
    assert after.free_quantity == 100
    assert after.source == "AWS public price list, offer AWSDataTransfer"


def test_another_region_with_its_prefix(prices):
    with serving(small_list("ap-southeast-1", "APS1-")) as served:
        refresh("ap-southeast-1", base_url=served.url)
    assert usd(catalog.ec2_price("ap-southeast-1", "m7g.large")) == 0.07
    assert catalog.unit_price("elb", "alb_lcu_hour", "ap-southeast-1").cost(1) == 0.008


def test_an_older_file_does_not_go_before_a_younger_packaged_figure(served, prices):
    def turn_back(body):
        body["publicationDate"] = "2026-01-01T00:00:00Z"

    served.edit(INDEX, turn_back)
    refresh(HERE, base_url=served.url)
    assert catalog.ec2_price(HERE, "m7g.large").as_of == "2026-07-20"
    assert catalog.rds_price(HERE, "db.m7g.large").as_of == "2026-01-01"


def test_a_figure_with_two_prices_is_left_out_and_named(served, prices):
    served.made.add("AmazonVPC", "PublicIPv4:InUseAddress", flat("Hrs", "0.007"))
    served.publish()
    assert refresh(HERE, base_url=served.url).left_out == ("vpc/public_ipv4_in_use",)
    assert catalog.unit_price("vpc", "public_ipv4_in_use", HERE).cost(1) == 0.005


def test_a_figure_without_a_price_for_more_is_left_out_and_named(served, prices):
    offer = served.made.offers["AmazonVPC"]
    (term,) = next(iter(offer["terms"]["OnDemand"].values())).values()
    next(iter(term["priceDimensions"].values()))["endRange"] = "1000"
    served.publish()
    assert refresh(HERE, base_url=served.url).left_out == ("vpc/public_ipv4_in_use",)
    assert catalog.unit_price("vpc", "public_ipv4_in_use", HERE).cost(1) == 0.005


def test_an_offer_that_the_region_lacks_is_named(served, prices):
    def leave(body):
        del body["regions"][HERE]

    served.edit("/offers/v1.0/aws/AWSLambda/current/region_index.json", leave)
    done = refresh(HERE, base_url=served.url)
    assert done.left_out == ("AWSLambda: nothing is sold in us-east-1",)


def test_progress_is_told_by_offer_and_bytes(served, prices):
    told: list[tuple[str, int, int | None]] = []
    refresh(HERE, base_url=served.url, on_progress=lambda *step: told.append(step))
    ends = {code: (done, total) for code, done, total in told}
    assert set(ends) == {offer.name for offer in OFFERS} | {plan.code for plan in PLANS}
    assert all(done == total for done, total in ends.values())


def drop(*path: str):
    def change(body):
        for part in path[:-1]:
            body = next(iter(body.values())) if part == "*" else body[part]
        if path[-1] == "*":
            body.clear()
        else:
            del body[path[-1]]

    return change


EC2 = "/offers/v1.0/aws/AmazonEC2/current/us-east-1/index.json"
EC2_REGIONS = "/offers/v1.0/aws/AmazonEC2/current/region_index.json"


@pytest.mark.parametrize(
    ("path", "change", "says"),
    [
        (INDEX, drop("offers"), "expected publicationDate and offers"),
        (INDEX, drop("offers", "AmazonEC2"), "currentRegionIndexUrl of offer AmazonEC2"),
        (INDEX, drop("offers", "AmazonEC2", "currentRegionIndexUrl"), "currentRegionIndexUrl of offer"),
        (EC2_REGIONS, drop("regions"), "regions by their codes"),
        (EC2_REGIONS, drop("regions", HERE, "currentVersionUrl"), "currentVersionUrl of region us-east-1"),
        (EC2, drop("products"), "products with prices for ec2_on_demand"),
        (EC2, drop("terms"), "products with prices for ec2_on_demand"),
        (EC2, drop("terms", "Reserved"), "products with prices for ec2_reserved"),
        (EC2, drop("products", "*", "attributes"), "attributes of product SKU0001"),
        (EC2, drop("products", "*", "attributes", "usagetype"), "ec2_on_demand"),
        (EC2, drop("terms", "OnDemand", "*", "*", "priceDimensions"), "priceDimensions of product SKU0001"),
        (
            EC2,
            drop("terms", "OnDemand", "*", "*", "priceDimensions", "*", "pricePerUnit"),
            "pricePerUnit.USD in a price of product SKU0001",
        ),
    ],
)
def test_a_changed_layout_names_what_was_expected_and_leaves_the_old_file(served, prices, path, change, says):
    refresh(HERE, base_url=served.url)
    old = (prices / "us-east-1.json").read_bytes()
    served.edit(path, change)
    with pytest.raises(PriceListError) as caught:
        refresh(HERE, base_url=served.url)
    assert "not laid out as expected" in caught.value.what
    assert says in caught.value.what
    assert caught.value.where.startswith(served.url)
    assert (prices / "us-east-1.json").read_bytes() == old
    assert {p.name for p in prices.iterdir()} == {"us-east-1.json", "global.json"}


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (EC2, b'{"products": {"SKU1": {"attributes": ', "broken JSON"),
        (EC2, b"<html>sorry</html>", "broken JSON"),
        (EC2, b"", "broken JSON"),
        (INDEX, b"<html>sorry</html>", "expected JSON"),
        (INDEX, b"[]", "expected a JSON object, found list"),
    ],
)
def test_broken_json_leaves_the_old_file(served, prices, path, body, says):
    refresh(HERE, base_url=served.url)
    old = (prices / "us-east-1.json").read_bytes()
    served.files[path] = body
    with pytest.raises(PriceListError, match=says):
        refresh(HERE, base_url=served.url)
    assert (prices / "us-east-1.json").read_bytes() == old


def test_a_transfer_that_breaks_off_is_begun_again(served, prices):
    served.cut[EC2], served.times_to_cut = 500, 2
    refresh(HERE, base_url=served.url)
    assert served.asked.count(EC2) == 3
    assert usd(catalog.ec2_price(HERE, "m7g.large")) == 0.07


def test_a_transfer_that_always_breaks_off_leaves_the_old_file(served, prices):
    refresh(HERE, base_url=served.url)
    old = (prices / "us-east-1.json").read_bytes()
    served.cut[EC2] = 500
    with pytest.raises(PriceListError, match="broke off after 500 of"):
        refresh(HERE, base_url=served.url)
    assert (prices / "us-east-1.json").read_bytes() == old


def test_a_missing_file_and_a_server_that_is_not_there(served, prices):
    del served.files[EC2]
    with pytest.raises(PriceListError, match="answers 404"):
        refresh(HERE, base_url=served.url)
    with pytest.raises(PriceListError, match="cannot be read"):
        refresh(HERE, base_url="http://127.0.0.1:9")
    assert not prices.exists()


def test_only_urls_of_the_list_itself_are_followed(served, prices):
    def lead_away(body):
        body["offers"]["AmazonEC2"]["currentRegionIndexUrl"] = "http://127.0.0.1:9/other.json"

    served.edit(INDEX, lead_away)
    with pytest.raises(PriceListError, match="URLs relative to the host"):
        refresh(HERE, base_url=served.url)


def test_an_unknown_region_is_refused_before_anything_is_asked(served, prices):
    with pytest.raises(InputError, match="no region"):
        refresh("cn-north-1-pkx-1", base_url=served.url)
    assert served.asked == []


def test_a_damaged_file_of_prices_says_what_to_do(served, prices):
    refresh(HERE, base_url=served.url)
    path = prices / "us-east-1.json"
    for text in ('{"format": 1', json.dumps({"format": 99, "region": HERE}), "[]"):
        path.write_text(text)
        catalog.forget()
        with pytest.raises(InputError) as caught:
            catalog.ec2_price(HERE, "m7g.large")
        assert caught.value.where == str(path)
        assert "groma prices refresh" in caught.value.hint
