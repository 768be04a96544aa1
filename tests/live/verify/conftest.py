"""The cloud of these tests: everything as designed, for each test to change."""

from __future__ import annotations

import pytest
from chirp_cloud import Cloud


@pytest.fixture
def chirp() -> Cloud:
    """A cloud of this test alone."""
    return Cloud()
