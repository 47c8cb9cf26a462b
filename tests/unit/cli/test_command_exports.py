"""Making exports up and turning them into ledgers, from the command line."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from defterhane_cli import terminal
from defterhane_cli.main import app
from sandbox.faults.catalogue import FAULTS

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "tenant.toml"
FIRM = "6090408038"
STEM = f"{FIRM}-202501"


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"LC_ALL": "en_GB.UTF-8"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def sampled(folder: Path, *options: object, name: str = f"{STEM}.zip", lines: int = 40) -> Path:
    file = folder / name
    done = run("sample", "--lines", lines, "--out", file, *options)
    assert done.exit_code == 0, done.output
    return file


def tenant_with(folder: Path, *, top: str = "", end: str = "") -> Path:
    path = folder / "tenant.toml"
    path.write_text(f"{top}\n{EXAMPLE.read_text('utf-8')}\n{end}", "utf-8")
    return path


def converted(file: Path, *options: object, tenant: Path = EXAMPLE) -> tuple[int, Any]:
    done = run("convert", file, "--tenant", tenant, "--out", file.parent / "out", "--json", *options)
    assert done.stderr == ""
    return done.exit_code, json.loads(done.stdout)


def made(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir())


# ---- sample


def test_a_sample_in_a_folder_is_named_as_an_erp_names_it(tmp_path: Path) -> None:
    assert run("sample", "--lines", 10, "--out", tmp_path).exit_code == 0
    assert run("sample", "--lines", 10, "--out", tmp_path, "--branch", "0007", "--period", "2025-02").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{FIRM}-0007-202502.zip", f"{STEM}.zip"]


@pytest.mark.parametrize("layout", ["columns25", "header-detail", "columns23", "xml", "report"])
def test_a_sample_of_every_layout_is_converted(tmp_path: Path, layout: str) -> None:
    code, answer = converted(sampled(tmp_path, "--layout", layout))
    assert (code, answer["counts"], answer["findings"]) == (0, {}, [])
    assert {one["layout"] for one in answer["recognised"]} == {layout}
    (part,) = answer["parts"]
    assert (part["part"], part["start"], part["end"], part["lines"]) == ("000000", "2025-01-01", "2025-01-31", 40)
    assert part["debit"] == part["credit"]
    assert made(tmp_path) == [f"{STEM}-K-000000.xml", f"{STEM}-Y-000000.xml"]


@pytest.mark.parametrize(("layout", "suffix"), [("columns25", "csv"), ("header-detail", "xlsx"), ("xml", "xml")])
def test_a_sample_need_not_be_packed(tmp_path: Path, layout: str, suffix: str) -> None:
    code, answer = converted(sampled(tmp_path, "--layout", layout, name=f"{STEM}.{suffix}"))
    assert code == 0
    assert {one["file"].split(" ")[0] for one in answer["recognised"]} == {f"{STEM}.{suffix}"}


def test_a_sample_says_what_must_come_of_its_faults(tmp_path: Path) -> None:
    file = tmp_path / f"{STEM}.zip"
    faults = ("--fault", "entry-unbalanced", "--fault", "amount-zero")
    done = run("sample", "--lines", 40, "--out", file, *faults)
    told = [line.split() for line in done.stdout.splitlines()[1:]]
    code, answer = converted(file)
    assert code == 1
    found = [
        [finding["rule"], f"{finding['file']}:{finding['line']}", finding["voucher"]] for finding in answer["findings"]
    ]
    assert sorted([line[2], line[3], line[6]] for line in told) == sorted(found)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_faults_are_listed(language: str) -> None:
    done = run("sample", "--list-faults", "--lang", language)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * len(FAULTS)
    for name, fault in FAULTS.items():
        assert f"{name}  {fault.text.to(language)}" in lines


def test_listing_faults_writes_nothing(tmp_path: Path) -> None:
    assert run("sample", "--list-faults", "--out", tmp_path).exit_code == 0
    assert not list(tmp_path.iterdir())


# ---- convert


def test_findings_are_said_in_words(tmp_path: Path) -> None:
    file = sampled(tmp_path, "--fault", "amount-negative", "--fault", "html-in-text")
    done = run("convert", file, "--tenant", EXAMPLE, "--out", tmp_path / "out")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{STEM}.csv  ")
    assert "  ✗ amount.not_positive The amount -100.00 must be greater than zero." in lines
    assert any(line.startswith("  ! text.cleaned ") for line in lines)
    assert lines[-2:] == ["Findings: amount.not_positive 1, text.cleaned 1", "✗ No documents were made."]
    assert not list((tmp_path / "out").iterdir())
    turkish = run("convert", file, "--tenant", EXAMPLE, "--out", tmp_path / "out", "--lang", "tr").stdout.splitlines()
    assert turkish[-2:] == ["Bulgular: amount.not_positive 1, text.cleaned 1", "✗ Belge oluşturulmadı."]


def test_warnings_are_said_though_documents_are_made(tmp_path: Path) -> None:
    file = sampled(tmp_path, "--fault", "html-in-text")
    done = run("convert", file, "--tenant", EXAMPLE, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "! text.cleaned" in done.stdout
    assert f"✓ {tmp_path / 'out' / f'{STEM}-Y-000000.xml'}" in done.stdout
    assert re.search(r"  2025-01-01 – 2025-01-31: \d+ entries, 40 lines, debit (\S+), credit \1\n", done.stdout)
    assert len(made(tmp_path)) == 2


def test_findings_may_be_written_as_a_table(tmp_path: Path) -> None:
    table = tmp_path / "bulgular.csv"
    code, answer = converted(sampled(tmp_path, "--fault", "amount-negative"), "--findings", table)
    assert code == 1
    (row,) = csv.DictReader(table.read_text("utf-8-sig").splitlines(), delimiter=";")
    (finding,) = answer["findings"]
    assert (row["rule"], row["line"], row["message_en"]) == (finding["rule"], str(finding["line"]), finding["message"])


def test_a_tenants_days_cut_the_month_in_parts(tmp_path: Path) -> None:
    code, answer = converted(sampled(tmp_path, lines=90), tenant=tenant_with(tmp_path, top="part_ends = [10, 20]"))
    assert code == 0
    assert [(part["part"], part["start"], part["end"]) for part in answer["parts"]] == [
        ("000001", "2025-01-01", "2025-01-10"),
        ("000002", "2025-01-11", "2025-01-20"),
        ("000003", "2025-01-21", "2025-01-31"),
    ]
    assert sum(part["lines"] for part in answer["parts"]) == 90
    assert made(tmp_path) == [f"{STEM}-{kind}-00000{part}.xml" for kind in "KY" for part in (1, 2, 3)]
    assert [one["unique_id"] for one in answer["documents"]] == [
        f"{prefix}20250100000{number}" for number in (1, 2, 3) for prefix in ("YEV", "KEB")
    ]


def test_a_drop_may_be_one_part_of_the_month(tmp_path: Path) -> None:
    tenant = tenant_with(tmp_path, top="part_ends = [10, 20]")
    file = sampled(tmp_path, "--days", "11-20", name=f"{STEM}-000002.zip")
    code, answer = converted(file, tenant=tenant)
    assert code == 0
    assert [(part["part"], part["start"], part["end"]) for part in answer["parts"]] == [
        ("000002", "2025-01-11", "2025-01-20")
    ]
    assert made(tmp_path) == [f"{STEM}-K-000002.xml", f"{STEM}-Y-000002.xml"]
    code, answer = converted(file.rename(tmp_path / f"{STEM}-000003.zip"), tenant=tenant)
    assert (code, set(answer["counts"])) == (1, {"entry.date_outside_period"})


@pytest.mark.parametrize(("top", "name"), [("", f"{STEM}-000001.zip"), ("part_ends = [10]", f"{STEM}-000003.zip")])
def test_a_part_that_the_tenant_does_not_have(tmp_path: Path, top: str, name: str) -> None:
    tenant = tenant_with(tmp_path, top=top)
    done = run("convert", sampled(tmp_path, name=name), "--tenant", tenant, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stderr.startswith("✗ The file's name speaks of part 00000")
    assert not (tmp_path / "out").exists()


def test_numbers_go_on_from_the_tenants_opening(tmp_path: Path) -> None:
    opening = '[[openings]]\nperiod = "2025-01"\nentry = 100\nline = 250\njournal = 4\nledger = 5\n'
    code, answer = converted(sampled(tmp_path), tenant=tenant_with(tmp_path, end=opening))
    assert (code, set(answer["counts"])) == (0, set())
    assert [one["unique_id"] for one in answer["documents"]] == ["YEV202501000005", "KEB202501000006"]
    journal = (tmp_path / "out" / f"{STEM}-Y-000000.xml").read_text("utf-8")
    for name, first in (("entryNumberCounter", 101), ("lineNumber", 251)):
        start = journal.index(f"<gl-cor:{name} ")
        assert journal[journal.index(">", start) + 1 :].startswith(f"{first}<")


def test_months_before_the_opening_are_not_made(tmp_path: Path) -> None:
    tenant = tenant_with(tmp_path, end='[[openings]]\nperiod = "2025-03"\n')
    done = run("convert", sampled(tmp_path), "--tenant", tenant, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "2025-03" in done.stderr


def test_parts_by_size(tmp_path: Path) -> None:
    code, answer = converted(sampled(tmp_path, lines=2000), "--part-size", 1_000_000)
    assert code == 0
    assert len(answer["parts"]) > 3
    assert all(one["size"] < 1_000_000 for one in answer["documents"])
    assert sum(part["lines"] for part in answer["parts"]) == 2000
    assert answer["parts"][0]["part"] == "000001"
    assert run("convert", tmp_path, "--tenant", EXAMPLE, "--out", tmp_path, "--part-size", 999_999).exit_code == 2


# ---- a folder that holds what an earlier run made


def test_a_month_takes_the_place_of_what_an_earlier_run_made_of_it(tmp_path: Path) -> None:
    file = sampled(tmp_path, lines=2000)
    other = f"{FIRM}-202502-Y-000000.xml", f"{STEM}-Y-000000-0001.xml", f"{STEM}-YB-000001.xml", "notlar.txt"
    (tmp_path / "out").mkdir()
    for name in other:
        (tmp_path / "out" / name).write_text("not of this month's ledgers")
    parts = converted(file, "--part-size", 1_000_000)[1]
    assert (len(parts["parts"]), parts["removed"]) == (4, [])
    whole = converted(file)[1]
    assert sorted(whole["removed"]) == sorted(one["file"] for one in parts["documents"])
    assert made(tmp_path) == sorted([*other, f"{STEM}-K-000000.xml", f"{STEM}-Y-000000.xml"])
    assert converted(file)[1]["removed"] == []
    words = run("convert", file, "--tenant", EXAMPLE, "--out", tmp_path / "out", "--part-size", 1_000_000).stdout
    assert f"! {tmp_path / 'out' / f'{STEM}-Y-000000.xml'}  was left of an earlier run, removed" in words


def test_findings_leave_what_an_earlier_run_made(tmp_path: Path) -> None:
    assert converted(sampled(tmp_path, lines=2000), "--part-size", 1_000_000)[0] == 0
    before = made(tmp_path)
    code, answer = converted(sampled(tmp_path, "--fault", "amount-zero"))
    assert (code, answer["removed"], made(tmp_path)) == (1, [], before)


def test_parts_that_are_dropped_one_by_one_gather_in_a_folder(tmp_path: Path) -> None:
    tenant = tenant_with(tmp_path, top="part_ends = [10, 20]")
    whole = sampled(tmp_path, lines=90)
    drops = [
        sampled(tmp_path, "--days", days, name=f"{STEM}-00000{number}.zip")
        for number, days in enumerate(("1-10", "11-20", "21-31"), 1)
    ]
    for drop in (*drops, drops[1]):
        assert converted(drop, tenant=tenant)[1]["removed"] == []
    assert len(made(tmp_path)) == 6
    assert len(converted(whole)[1]["removed"]) == 6
    # The whole month's document holds these days too.
    assert len(converted(drops[1], tenant=tenant)[1]["removed"]) == 2
    assert made(tmp_path) == [f"{STEM}-K-000002.xml", f"{STEM}-Y-000002.xml"]


def test_a_part_never_takes_the_place_of_other_days(tmp_path: Path) -> None:
    tenant = tenant_with(tmp_path, top="part_ends = [10, 20]")
    first = sampled(tmp_path, "--days", "1-10", lines=2000, name=f"{STEM}-000001.zip")
    second = sampled(tmp_path, "--days", "11-20", name=f"{STEM}-000002.zip")
    assert len(converted(first, "--part-size", 1_000_000, tenant=tenant)[1]["parts"]) > 1
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    done = run("convert", second, "--tenant", tenant, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"✗ {tmp_path / 'out' / f'{STEM}-Y-000002.xml'} is of 2025-01-0")
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_document_that_cannot_be_read_counts_as_of_the_whole_month(tmp_path: Path) -> None:
    file = sampled(tmp_path)
    (tmp_path / "out").mkdir()
    broken = tmp_path / "out" / f"{STEM}-K-000007.xml"
    broken.write_text("<yarım")
    assert converted(file)[1]["removed"] == [str(broken)]


# ---- how it is told


def test_money_and_numbers_are_told_as_readers_write_them(tmp_path: Path) -> None:
    file = sampled(tmp_path, lines=2000)
    arguments = "convert", file, "--tenant", EXAMPLE, "--out", tmp_path / "out", "--part-size", 1_000_000
    amounts = {"tr": r"\d{1,3}(?:\.\d{3})*,\d\d", "en": r"\d{1,3}(?:,\d{3})*\.\d\d"}
    lines = run(*arguments, "--lang", "tr").stdout.splitlines()
    assert lines[3].startswith("  01.01.2025 – ")
    assert re.fullmatch(rf"  Toplam: \d+ madde, 2\.000 satır, borç ({amounts['tr']}), alacak \1", lines[-1])
    english = run(*arguments, "--lang", "en").stdout.splitlines()
    assert re.fullmatch(rf"  Total: \d+ entries, 2,000 lines, debit ({amounts['en']}), credit \1", english[-1])
    parts = json.loads(run(*arguments, "--json").stdout)["parts"]
    assert all(re.fullmatch(r"\d+\.\d\d", part[side]) for part in parts for side in ("debit", "credit"))


def test_a_terminal_breaks_paragraphs_between_words() -> None:
    shown = Console(file=io.StringIO(), force_terminal=True, width=40, soft_wrap=True, color_system=None)
    text = "Kuruş ayracı virgül; [bold]tarih sırası[/] gün-ay-yıl, okunmayan sütunlar: detailref."
    terminal.print_paragraph(f"  ! {text}", 4, shown)
    lines = shown.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(lines) > 2
    assert all(len(line) <= 40 for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])
    assert " ".join(line.strip() for line in lines) == "! " + text.replace("[bold]", "").replace("[/]", "")
