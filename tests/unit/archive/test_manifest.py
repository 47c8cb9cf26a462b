"""When a month is whole, and what its manifest says."""

import json

from hypothesis import given
from hypothesis import strategies as st

from archive.manifest import Kept, is_complete, manifest_bytes
from defterhane.edefter.kinds import DocumentKind

KINDS = [kind for kind in DocumentKind if kind is not DocumentKind.REPORT]
PARTS = st.sampled_from([["000000"], ["000001", "000002"], ["000001", "000002", "000003"]])


def whole(parts: list[str]) -> list[tuple[DocumentKind, str, bool]]:
    files = [(kind, part, False) for part in parts for kind in KINDS]
    files += [(kind, part, True) for part in parts for kind in KINDS if kind.is_berat]
    return [*files, (DocumentKind.REPORT, "000000", False)]


@given(PARTS, st.data())
def test_a_month_is_whole_only_with_every_file(parts: list[str], data: st.DataObject) -> None:
    files = whole(parts)
    signed = [(kind, part) for kind, part, approved in files if not approved]
    assert is_complete(files, signed)
    missing = data.draw(st.sampled_from(files))
    assert not is_complete([file for file in files if file != missing], signed)


def test_a_month_of_which_nothing_is_known_is_not_whole() -> None:
    assert not is_complete([], [])
    assert not is_complete([(DocumentKind.REPORT, "000000", False)], [])


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
