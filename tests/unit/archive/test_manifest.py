"""What a month's manifest says."""

import json

from hypothesis import given
from hypothesis import strategies as st

from archive.manifest import Kept, manifest_bytes


@given(st.permutations([Kept(f"{letter}.xml", letter * 64, 1) for letter in "abcd"]))
def test_a_manifest_does_not_depend_on_the_order_of_files(files: list[Kept]) -> None:
    assert manifest_bytes("1234567808", "2025-01", None, files) == manifest_bytes(
        "1234567808", "2025-01", None, sorted(files)
    )
    assert [file["name"] for file in json.loads(manifest_bytes("1", "2", None, files))["files"]] == [
        "a.xml",
        "b.xml",
        "c.xml",
        "d.xml",
    ]
