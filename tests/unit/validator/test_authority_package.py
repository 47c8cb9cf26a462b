"""What lies in an operator's folder: versions, which file is for what, and what is not let in."""

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.authority_files import SCHEMA, asserted, compiled, put, rule, schematron
from validator.authority.compiling import Unusable
from validator.authority.package import read_package
from validator.authority.recognise import is_schematron, kinds_of
from validator.authority.snapshot import BYTES, UNDATED, copy, sources
from validator.authority.wire import Package

Y, K, YB, KB, DR = DocumentKind
SCH = schematron(rule("/*", asserted("true()", "x")))
XSL = compiled("")


def package(folder: Path) -> Package:
    return read_package(folder, "2025-01-01", date(2025, 1, 1), "0" * 64)


def test_versions_are_folders_and_archives_named_by_their_first_day(tmp_path: Path) -> None:
    put(tmp_path, {"2025-01-01/a.sch": SCH, "2020-01-01/a.sch": SCH, "2025-13-01/a.sch": SCH, "notes/a.sch": SCH})
    put(tmp_path, {".hidden/a.sch": SCH, "2026-02-03.zip/a.sch": SCH})  # a folder in spite of its name
    with zipfile.ZipFile(tmp_path / "2025-07-01.zip", "w") as archive:
        archive.writestr("GIB/a.sch", SCH)
    with zipfile.ZipFile(tmp_path / "2025-01-01.zip", "w") as archive:
        archive.writestr("a.sch", SCH)

    found = sources(tmp_path)

    assert [source.version for source in found] == ["2020-01-01", "2025-01-01", "2025-07-01"]
    assert found[1].path.is_dir()
    assert found[2].since == date(2025, 7, 1)


def test_a_folder_without_days_is_one_version_itself(tmp_path: Path) -> None:
    put(tmp_path, {"xsd/edefter.xsd": SCHEMA, "schematron/a.sch": SCH})
    [source] = sources(tmp_path)
    assert (source.version, source.since) == (UNDATED, date.min)
    assert sources(put(tmp_path / "empty", {"readme.pdf": "x"})) == []


def test_a_stamp_tells_of_every_change_and_of_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, {"2025-01-01/a.sch": SCH, "2025-01-01/readme.txt": "x"})
    before = sources(tmp_path)[0].stamp
    put(tmp_path, {"2025-01-01/readme.txt": "y", "2025-01-01/.swp.sch": "y"})
    assert sources(tmp_path)[0].stamp == before
    file = tmp_path / "2025-01-01" / "a.sch"
    os.utime(file, ns=(1, 1))
    assert sources(tmp_path)[0].stamp != before


@pytest.mark.parametrize("packed", [False, True])
def test_a_copy_has_what_can_be_used_and_a_digest_of_it(tmp_path: Path, packed: bool) -> None:
    source = put(tmp_path / "2025-01-01", {"x/a.sch": SCH, "package.toml": "", "manual.pdf": "x" * 1000})
    if packed:
        with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(source.rglob("*")):
                archive.write(path, path.relative_to(source))
        source = tmp_path / "p.zip"
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    digest = copy(source, one)
    assert sorted(path.name for path in one.rglob("*") if path.is_file()) == ["a.sch", "package.toml"]
    assert copy(source, two) == digest
    put(one, {"x/a.sch": SCH + " "})
    three = tmp_path / "three"
    three.mkdir()
    assert copy(one, three) != digest


def test_links_stay_inside(tmp_path: Path) -> None:
    put(tmp_path, {"secret.xml": "<a/>", "v/data/a.sch": SCH})
    (tmp_path / "v" / "b.sch").symlink_to(tmp_path / "v" / "data" / "a.sch")  # as volumes in Kubernetes have them
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    copy(tmp_path / "v", tmp_path / "one")
    assert (tmp_path / "one" / "b.sch").read_text() == SCH
    (tmp_path / "v" / "c.xml").symlink_to(tmp_path / "secret.xml")
    with pytest.raises(Unusable, match="leads out"):
        copy(tmp_path / "v", tmp_path / "two")


def test_archives_are_bounded_and_stay_inside(tmp_path: Path) -> None:
    for name in ("../a.sch", "/a.sch"):
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            archive.writestr(name, SCH)
        with pytest.raises(Unusable):
            copy(tmp_path / "p.zip", tmp_path)
    packed = zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED)
    with packed as archive, archive.open("a.sch", "w") as member:
        for _ in range(BYTES // 1_000_000 + 10):
            member.write(b" " * 1_000_000)
    with pytest.raises(Unusable):
        copy(tmp_path / "p.zip", tmp_path)
    (tmp_path / "p.zip").write_bytes(b"no archive")
    with pytest.raises(Unusable):
        copy(tmp_path / "p.zip", tmp_path)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("edefter_yevmiye.sch", (Y,)),
        ("YEVMİYE_Kurallari.sch", (Y,)),
        ("edefter_kebir.xsl", (K,)),
        ("BuyukDefter.sch", (K,)),
        ("edefter_berat.sch", (YB, KB)),
        ("YevmiyeBerat.sch", (YB,)),
        ("kebir-berati.sch", (KB,)),
        ("defterraporu.sch", (DR,)),
        ("DefterRaporu_Kurallari.xslt", (DR,)),
    ],
)
def test_a_file_is_known_by_its_name(tmp_path: Path, name: str, kinds: tuple[DocumentKind, ...]) -> None:
    put(tmp_path, {name: SCH})
    assert kinds_of(tmp_path / name) == kinds


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (rule("/edefter:berat/xbrli:xbrl", asserted("true()", "x")), (YB, KB)),
        (rule("/edefter:defterraporu", asserted("true()", "x")), (DR,)),
        (rule("/edefter:defter", asserted("true()", "Yevmiye defteri böyle başlar.")), (Y,)),
        (rule("/edefter:defter", asserted("true()", "Büyük Defter böyle başlar.")), (K,)),
        (rule("/edefter:defter", asserted("true()", "x")), ()),
        (rule("/edefter:defter | /edefter:berat", asserted("true()", "Yevmiye")), ()),
    ],
)
def test_or_by_what_stands_in_it(tmp_path: Path, body: str, kinds: tuple[DocumentKind, ...]) -> None:
    put(tmp_path, {"kurallar.sch": schematron(body)})
    assert kinds_of(tmp_path / "kurallar.sch") == kinds


def test_viewers_and_fragments_are_no_schematron(tmp_path: Path) -> None:
    viewer = XSL.replace("http://purl.oclc.org/dsdl/svrl", "urn:html")
    fragment = '<sch:pattern xmlns:sch="http://purl.oclc.org/dsdl/schematron"/>'
    put(tmp_path, {"yevmiye.xslt": viewer, "a.sch": fragment, "b.sch": "no xml", "c.xsl": XSL, "d.sch": SCH})
    found = sorted(path.name for path in tmp_path.iterdir() if is_schematron(path))
    assert found == ["c.xsl", "d.sch"]


def test_a_package_is_found_out_by_itself(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "paket/xsd/edefter.xsd": SCHEMA,
            "paket/schematron/edefter_yevmiye.sch": SCH,
            "paket/schematron/edefter_berat.sch": SCH,
            "paket/schematron/edefter_berat.xsl": XSL,
            "paket/xslt/kebir.xslt": XSL.replace("http://purl.oclc.org/dsdl/svrl", "urn:html"),
        },
    )
    found = package(tmp_path)
    assert found.schema == tmp_path / "paket/xsd/edefter.xsd"
    assert {kind: sheet.path.name for kind, sheet in found.stylesheets.items()} == {
        Y: "edefter_yevmiye.sch",
        YB: "edefter_berat.xsl",  # compiled counts before its source
        KB: "edefter_berat.xsl",
    }


def test_what_package_toml_says_counts_first(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "a/edefter.xsd": SCHEMA,
            "b/edefter.xsd": SCHEMA,
            "edefter_yevmiye.sch": SCH,
            "yeni.sch": SCH,
            "berat.xsl": XSL,
            "berat2.xsl": XSL,
            "package.toml": 'schema = "b/edefter.xsd"\n[schematron]\njournal = "yeni.sch"\nberat = "berat.xsl"\n'
            'ledger_berat = "berat2.xsl"\n[phase]\njournal = "one"\n',
        },
    )
    found = package(tmp_path)
    assert found.schema == tmp_path / "b/edefter.xsd"
    assert found.stylesheets[Y].path.name == "yeni.sch"
    assert found.stylesheets[Y].phase == "one"
    assert found.stylesheets[YB].path.name == "berat.xsl"
    assert found.stylesheets[KB].path.name == "berat2.xsl"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"readme.xml": "<a/>"}, "neither"),
        ({"yevmiye.sch": SCH, "x/yevmiye-yeni.sch": SCH}, "several files are for Y"),
        ({"a/edefter.xsd": SCHEMA, "b/edefter.xsd": SCHEMA}, "several edefter.xsd"),
        ({"package.toml": "[schematron]\njournal = '../x.sch'"}, "no file ../x.sch"),
        ({"package.toml": "[schematron]\nyevmiye = 'x.sch'"}, "yevmiye is none of"),
        ({"package.toml": "[schematrn]\njournal = 'x.sch'"}, "schematrn"),
        ({"package.toml": "schema = 3"}, "schema"),
        ({"package.toml": "= ="}, "package.toml"),
        ({"yevmiye.xsl": XSL, "package.toml": "[phase]\njournal = 'one'"}, "compiled already"),
    ],
)
def test_what_is_not_clear_is_refused(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    put(tmp_path, files)
    with pytest.raises(Unusable, match=reason):
        package(tmp_path)
