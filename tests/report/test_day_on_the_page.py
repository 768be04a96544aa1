"""`groma build --day`: a simulated day in the report, as a picture and in figures."""

from __future__ import annotations

import base64
import re

from groma.report.documents import picture
from groma.report.page import report
from groma.simulation.asking import Asked, simulated
from workloads import designed_example

MADE = designed_example("social-50k")


def test_the_page_holds_the_figure_and_says_what_it_shows():
    found = simulated(MADE, Asked(), lambda at_s, _: at_s < 300)
    layout = picture(MADE)
    page, plain = report(MADE, layout, day=found), report(MADE, layout)
    assert 'id="day"' not in plain
    section = page[page.index('<section id="day"') :].partition("</section>")[0]
    image = re.search(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]+)"', section)
    assert image is not None
    assert base64.b64decode(image[1]).startswith(b"\x89PNG")
    assert "p99 with the goal" in image[2]
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="n">([\d,]+)</td>', section)
    assert dict(rows)["all requests"] == f"{found.asked:,}"
    assert "stopped at 00:05" in section
    assert "http" not in section, "the page needs no network"
