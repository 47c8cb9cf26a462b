"""Virtual paths and file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.names import Box, NoSuchPlace, Place, UnusableName, check_file_name, is_temporary, parse_path


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (b"", Place()),
        (b"/", Place()),
        (b".", Place()),
        (b"..", Place()),
        (b"//", Place()),
        (b"inbox", Place(Box.INBOX)),
        (b"/outbox/", Place(Box.OUTBOX)),
        (b"/inbox/./x.zip", Place(Box.INBOX, "x.zip")),
        (b"inbox/../outbox/x", Place(Box.OUTBOX, "x")),
        (b"../../inbox/x", Place(Box.INBOX, "x")),
        (b"inbox/Mart defteri (1).zip", Place(Box.INBOX, "Mart defteri (1).zip")),
        ("inbox/şube.csv".encode(), Place(Box.INBOX, "şube.csv")),
    ],
)
def test_places(path: bytes, place: Place) -> None:
    assert parse_path(path) == place


@pytest.mark.parametrize(
    "path",
    [b"/etc/passwd", b"inbox/../../etc/passwd", b"inbox/a/b", b"INBOX/x", b"inbox\0/x", b".lock", b"../other/inbox/x"],
)
def test_nothing_else_is_there(path: bytes) -> None:
    with pytest.raises(NoSuchPlace):
        parse_path(path)


@pytest.mark.parametrize(
    "path",
    [
        b"inbox/" + b"x" * 121,
        ("inbox/" + "ş" * 100).encode(),
        b"inbox/a\nb",
        b"inbox/a\x1b[2Jb",
        b"inbox/a\0b",
        b"inbox/a\\b",
        b"inbox/C:x",
        b"inbox/ x",
        b"inbox/x ",
        "inbox/a\u202egnp.zip".encode(),
        b"inbox/\xff\xfe",
        b"x" * 5000,
    ],
)
def test_unusable_names(path: bytes) -> None:
    with pytest.raises(UnusableName):
        parse_path(path)


@given(st.binary(max_size=300))
def test_any_bytes_lead_to_a_place_of_the_tenant_or_nowhere(path: bytes) -> None:
    try:
        place = parse_path(path)
    except (NoSuchPlace, UnusableName):
        return
    assert place.name is None or (place.box is not None and "/" not in place.name and place.name not in (".", ".."))
    assert parse_path(place.path) == place


@given(st.text(max_size=200))
def test_what_passes_as_a_name_is_one_component(name: str) -> None:
    try:
        check_file_name(name)
    except UnusableName:
        return
    assert name.isprintable()
    assert len(name.encode()) <= 180
    assert not set("/\\\0") & set(name)


@pytest.mark.parametrize("name", ["x.zip.part", "x.zip.filepart", "X.TMP", ".in.x.zip", "x.csv~", "x.zip.partial"])
def test_temporary_names(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["x.zip", "part.csv", "tmp.txt", "6090408038-202501-000001.zip"])
def test_final_names(name: str) -> None:
    assert not is_temporary(name)
