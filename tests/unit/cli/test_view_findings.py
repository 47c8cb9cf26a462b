"""Findings on the page: listed at the top, and marked at the entry, line and field that they are about."""

import re
from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane_cli.view import write_view
from support.golden_documents import FIRM, all_texts, changed, signed, text, without
from support.view_pages import Page, page
from validator.check import check_document

Y, K, YB, _, DR = DocumentKind


def marked(shown: Page) -> dict[str, list[str]]:
    """Where each rule is marked: id of the row → rules."""
    found: dict[str, list[str]] = {}
    for said in shown.root.find_class("said"):
        for around in said.iterancestors():
            anchor = around.get("id")
            if around.get("class") == "f":
                anchor = around.getprevious().get("id")
            if anchor:
                break
        if anchor != "findings":
            found.setdefault(anchor, []).extend(one.text.split()[1] for one in said.iterfind("li/b"))
    return {anchor: sorted(rules) for anchor, rules in found.items()}


def linked(shown: Page) -> dict[str, set[str]]:
    """Where the list at the top leads: id → rules."""
    found: dict[str, set[str]] = {}
    for item in shown.root.get_element_by_id("findings").iter("li"):
        link = item.find(".//a")
        found.setdefault(link.get("href")[1:] if link is not None else "", set()).add(item.findtext("b").split()[1])
    return found


def test_a_valid_document_says_that_it_was_checked(tmp_path: Path) -> None:
    shown = page(tmp_path, Y, check=True)
    assert shown.badges == ["İmzasız", "Denetimde bulgu yok"]
    assert not shown.root.find_class("bad")


def test_each_finding_is_marked_where_it_belongs_and_linked_from_the_top(tmp_path: Path) -> None:
    shown = page(
        tmp_path,
        Y,
        text("gl-cor:postingDate", "2025-03-31", 1),
        text("gl-cor:documentNumber", "", 2),
        text("gl-bus:totalDebit", "1300.00"),
        text("gl-cor:accountSubID", "9.9", 3),
        text("gl-bus:accountantName", ""),
        text("gl-cor:uniqueID", "YEV"),
        check=True,
    )
    found = marked(shown)
    assert "Y104" in found["l2"]
    assert "Y107" in found["l3"]
    assert "Y081" in found["e1"]
    assert found["l5"]
    assert not {"l1", "l4", "l6", "e2"} & set(found)
    labels = {shown.root.get_element_by_id(one).findtext("dt"): rules for one, rules in found.items() if one[0] == "h"}
    assert "Y066" in labels["Adı"]
    assert "Y032" in labels["Belge no"]
    assert {anchor: set(rules) for anchor, rules in found.items()} == linked(shown)
    cells = {row: [cell.get("class") for cell in shown.root.get_element_by_id(row)] for row in ("l2", "l3", "l5")}
    assert "dt mark" in cells["l2"]
    assert "do mark" in cells["l3"]
    assert "ac mark" in cells["l5"]
    assert shown.badges[1] == f"{shown.written.errors} hata"
    text_of_top = shown.root.get_element_by_id("findings").text_content()
    assert "Yevmiye no 11 · Fiş M-0007 · Hesap 191.20 · fiş tarihi · dosya satırı" in text_of_top
    assert "Kaydı ERP'de düzeltip ayı yeniden gönderin." in text_of_top


def test_a_document_in_one_line_is_marked_by_what_its_findings_say(tmp_path: Path) -> None:
    data = re.sub(rb">\s+<", b"><", changed(Y, text("gl-cor:postingDate", "2025-03-31", 4)))
    head, rest = data.split(b"?>", 1)
    shown = Page(tmp_path, head + b"?>" + rest.replace(b"\n", b""), check=True)
    found = marked(shown)
    assert "Y104" in found["l5"]
    assert not {"l1", "l2", "l3", "l4", "l6", "e1"} & set(found)


def test_a_ledgers_findings_are_at_its_accounts(tmp_path: Path) -> None:
    shown = page(tmp_path, K, text("gl-bus:totalDebit", "17.00", 1), text("gl-cor:amount", "-5"), check=True)
    found = marked(shown)
    assert "K080" in found["e2"]
    assert found["l1"]
    assert "n dr mark" in [cell.get("class") for cell in shown.root.get_element_by_id("l1")]
    assert {anchor: set(rules) for anchor, rules in found.items()} == linked(shown)


def test_a_reports_findings_are_at_the_row_of_both_lines(tmp_path: Path) -> None:
    shown = page(tmp_path, DR, text("gl-cor:documentApplyToNumber", "bir", 3), check=True)
    found = marked(shown)
    assert list(found) == ["l3"]
    assert [cell.get("class") for cell in shown.root.get_element_by_id("l3")][6] == "n cl mark"


def test_a_signatures_findings_are_at_the_signature(tmp_path: Path) -> None:
    shown = page(tmp_path, YB, signed, without("ds:SignedInfo"), check=True)
    assert "signature" in marked(shown)
    assert "signature" in linked(shown)


def test_many_findings_are_counted_by_rule(tmp_path: Path) -> None:
    data = changed(Y, all_texts("gl-cor:postingDate", "2025-03-31")).decode()
    start = data.index("<gl-cor:entryDetail>")
    end = data.index("</gl-cor:entryDetail>") + len("</gl-cor:entryDetail>")
    shown = Page(tmp_path, (data[:end] + data[start:end] * 1_200 + data[end:]).encode(), check=True)
    top = shown.root.get_element_by_id("findings")
    assert len(list(top.iter("li"))) == 1_000
    assert len(list(top.find("ol").iter("li"))) == 20
    counts = {row.findtext("td"): row.findall("td")[1].text for row in top.iterfind(".//tbody/tr")}
    assert counts["Y104"] == "1.206"
    assert shown.written.errors > 1_204


@pytest.mark.parametrize("language", ["tr", "en"])
def test_warnings_are_no_errors(tmp_path: Path, language: str) -> None:
    source = tmp_path / "odd name.xml"
    source.write_bytes(changed(Y))
    written = write_view(source, tmp_path / "page.html", language, check_document(source, source.name))
    assert (written.errors, written.warnings) == (0, 1)
    assert ("1 uyarı" if language == "tr" else "Warnings: 1") in (tmp_path / "page.html").read_text("utf-8")


def test_hostile_values_in_findings_stay_texts(tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    paths = ("gl-cor:uniqueID", "gl-cor:accountSubID", "gl-cor:amount", "gl-cor:entryNumber")
    shown = page(tmp_path, Y, *(all_texts(path, hostile) for path in paths), check=True)
    assert shown.written.errors
    assert not list(shown.root.iter("img"))
    assert FIRM in shown.text
