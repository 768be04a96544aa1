"""Names of container images: what is one, where it lies, and what the servers can reach."""

from __future__ import annotations

import pytest

from groma.application.image import Image

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("name", "host", "path", "digest"),
    [
        ("nginx:1.27", "", "nginx", ""),
        ("acme/shop:1.4", "", "acme/shop", ""),
        ("ghcr.io/acme/shop-front:v1", "ghcr.io", "acme/shop-front", ""),
        ("registry.acme.dev:443/a/b/c:x", "registry.acme.dev", "a/b/c", ""),
        (f"acme/shop@{DIGEST}", "", "acme/shop", DIGEST),
        (f"public.ecr.aws/acme/shop:1@{DIGEST}", "public.ecr.aws", "acme/shop", DIGEST),
    ],
)
def test_a_name_says_registry_repository_and_digest(name: str, host: str, path: str, digest: str) -> None:
    image = Image.parse(name)
    assert (image.name, image.host, image.path, image.digest) == (name, host, path, digest)
    assert image.ecr_arn == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is no name"),
        ("Acme Shop", "is no name"),
        ("acme/Shop:1", "is no name"),
        ("Acme/shop:1", "is no name"),
        ("acme//shop:1", "is no name"),
        ("https://ghcr.io/acme/shop:1", "is no name"),
        ("acme/shop:", "is no name"),
        ("acme/shop:1.4 ", "is no name"),
        ("acme/shop:1.4\n", "is no name"),
        ("acme/shop@sha256:12", "is no name"),
        ("a" * 300 + ":1", "is no name"),
        ("'; reboot; ':1", "is no name"),
        ("acme/shop", "names no release"),
        ("localhost/shop:1", "servers go out over HTTPS"),
        ("registry.acme.dev:5000/shop:1", "registry.acme.dev:5000: servers go out over HTTPS"),
    ],
)
def test_what_is_no_image_or_out_of_reach_is_refused(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Image.parse(name)


def test_a_private_repository_of_ecr_has_an_arn_where_it_lies() -> None:
    image = Image.parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop:1")
    assert image.ecr_arn == "arn:aws:ecr:eu-west-1:123456789012:repository/team/shop"
