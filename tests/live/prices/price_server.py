"""A server on loopback that serves a price list whole, broken or cut off."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from price_list import PUBLISHED, PriceList

from loopback import answering


class Served:
    """What the server answers: path → body, and what a test does to single paths."""

    def __init__(self, made: PriceList) -> None:
        self.made = made
        self.url = ""
        self.asked: list[str] = []
        self.files: dict[str, bytes] = {}
        self.cut: dict[str, int] = {}
        self.times_to_cut = 1_000
        self.publish()

    def publish(self) -> None:
        """Write index, region indexes and offer files."""
        index: dict[str, Any] = {"publicationDate": PUBLISHED, "offers": {}}
        for code in self.made.offers:
            start = f"/offers/v1.0/aws/{code}/current"
            index["offers"][code] = {
                "offerCode": code,
                "currentVersionUrl": f"{start}/index.json",
                "currentRegionIndexUrl": f"{start}/region_index.json",
            }
            here = f"{start}/{self.made.region}/index.json"
            regions = {
                "cn-north-1-pkx-1": {"regionCode": "cn-north-1-pkx-1"},
                self.made.region: {"regionCode": self.made.region, "currentVersionUrl": here},
            }
            self.files[f"{start}/region_index.json"] = json.dumps({"regions": regions}).encode()
            self.files[here] = self.files[f"{start}/index.json"] = self.made.body(code)
        for code, plan in self.made.plans.items():
            start, region = f"/savingsPlan/v1.0/aws/{code}", self.made.region
            here = f"{start}/20261120/{region}/index.json"
            listed = [{"regionCode": region, "versionUrl": here}]
            self.files[f"{start}/current/region_index.json"] = json.dumps({"regions": listed}).encode()
            self.files[here] = json.dumps({"version": "20261120", "regionCode": region, **plan}).encode()
        self.files["/offers/v1.0/aws/index.json"] = json.dumps(index).encode()

    def path(self, code: str) -> str:
        return f"/offers/v1.0/aws/{code}/current/{self.made.region}/index.json"

    def edit(self, path: str, change: Callable[[Any], None]) -> None:
        """Change a served JSON file."""
        body = json.loads(copy.copy(self.files[path]))
        change(body)
        self.files[path] = json.dumps(body).encode()

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        body = self.files.get(handler.path)
        if body is None:
            handler.send_error(404)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.path in self.cut and self.asked.count(handler.path) <= self.times_to_cut:
            body = body[: self.cut[handler.path]]
        handler.wfile.write(body)


@contextmanager
def serving(made: PriceList) -> Iterator[Served]:
    served = Served(made)
    with answering(served.respond) as served.url:
        yield served
