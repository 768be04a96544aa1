"""Changes of the bucket of releases that verify has to find."""

from __future__ import annotations

from chirp_cloud import Cloud
from chirp_design import RELEASES


def test_a_bucket_of_releases_that_is_gone(chirp: Cloud) -> None:
    del chirp.buckets[RELEASES]
    assert chirp.wrong() == {
        f"artifact.{name}": "missing" for name in ("public-access", "at-rest", "release")
    }


def test_a_bucket_of_releases_that_anybody_may_read(chirp: Cloud) -> None:
    settings = chirp.buckets[RELEASES]["public"]["PublicAccessBlockConfiguration"]
    settings["BlockPublicPolicy"] = False
    assert chirp.wrong() == {"artifact.public-access": "without BlockPublicPolicy"}


def test_a_bucket_of_releases_without_versions(chirp: Cloud) -> None:
    chirp.buckets[RELEASES]["versions"] = {}
    assert list(chirp.wrong()) == ["artifact.at-rest"]


def test_another_release_than_the_one_designed(chirp: Cloud) -> None:
    chirp.release = b"something else"
    assert chirp.wrong() == {"artifact.release": "f41f3fa625ff"}
