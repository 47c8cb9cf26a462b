"""What the command says of bad input: one clear sentence in the user's language, exit 2, never a stack trace."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from pydantic import SecretStr
from typer.testing import CliRunner

from defterhane_cli import errors, errors_found
from defterhane_cli.main import app
from defterhane_cli.terminal import language
from support.golden_documents import golden, name_of
from support.signing import VKN, seal

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "tenant.toml"
PASSWORD = "parola"


@dataclass(frozen=True)
class Desk:
    """A folder with one file of each sort."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return self.folder / {
            "missing": "yok.xml",
            "empty": "bos.xml",
            "text": "metin.xml",
            "other": "baska.xml",
            "directory": "klasor",
            "cut": "yarim.xml",
            "journal": name_of("Y"),
            "odd": "belge.xml",
            "export": f"{VKN}-202501.zip",
            "seal": "muhur.p12",
            "pin": "pin.txt",
            "wrong_pin": "yanlis-pin.txt",
            "binary": "ikili.txt",
            "out": "cikis",
        }.get(name, name)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.empty.write_bytes(b"")
    desk.text.write_text("merhaba")
    desk.other.write_text("<root/>")
    desk.directory.mkdir()
    desk.cut.write_bytes(golden("Y")[:9000])
    desk.journal.write_bytes(golden("Y"))
    desk.odd.write_bytes(golden("Y"))
    desk.export.write_bytes(b"x")
    seal().save_p12(desk.seal, SecretStr(PASSWORD))
    desk.pin.write_text(PASSWORD + "\n")
    desk.wrong_pin.write_text("baska\n")
    desk.binary.write_bytes(b"\xff\xfe\x80")
    return desk


def run(*arguments: object, **environment: str) -> Result:
    before = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "DEFTERHANE_PIN": None}
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], env={**before, **environment})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def said(done: Result) -> str:
    """The sentence on standard error, without its cure; nothing else may be there."""
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    first, *cure = done.stderr.splitlines()
    assert first.startswith("✗ ")
    assert len(cure) <= 1
    assert all(line.startswith("  ") for line in cure)
    return first.removeprefix("✗ ")


def tenant_file(folder: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "tenant.toml"
    path.write_text(text, "utf-8")
    return path


# One document


@pytest.mark.parametrize(
    ("file", "tr", "en"),
    [
        ("missing", "{path} bulunamadı.", "{path} is not there."),
        ("directory", "{path} bir klasör; dosya olmalı.", "{path} is a folder; a file is needed."),
        ("other", "{path} bir e-Defter belgesi değil.", "{path} is not an e-Defter document."),
        ("text", "{path}: Dosya geçerli bir XML değil (", "{path}: The file is not well-formed XML ("),
        ("empty", "{path}: Dosya geçerli bir XML değil (", "{path}: The file is not well-formed XML ("),
    ],
)
def test_view(desk: Desk, tmp_path: Path, file: str, tr: str, en: str) -> None:
    path = getattr(desk, file)
    for chosen, wanted in (("tr", tr), ("en", en)):
        told = said(run("view", path, "--out", tmp_path / "page.html", "--lang", chosen))
        assert told.startswith(wanted.format(path=path))
    assert not list(tmp_path.iterdir())


def test_a_cut_document_is_shown_as_far_as_it_goes(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    done = run("view", desk.cut, "--out", target, "--lang", "en")
    assert done.exit_code == 0
    assert "The file could not be read to its end." in done.stdout
    assert "The file is cut: it ends before its root element does." in target.read_text("utf-8")


def test_a_page_is_checked_unless_one_does_not_want_it(desk: Desk, tmp_path: Path) -> None:
    source, target = tmp_path / name_of("Y"), tmp_path / "page.html"
    source.write_bytes(golden("Y").replace(b">2025-03-05</gl-cor:postingDate>", b">2025-03-06</gl-cor:postingDate>"))
    assert "3 hata, 0 uyarı" in run("view", source, "--out", target).stdout
    assert "Y104" in target.read_text("utf-8")
    assert "hata" not in run("view", source, "--out", target, "--no-check").stdout
    assert "Denetlenmedi" in target.read_text("utf-8")


def test_a_page_does_not_take_its_documents_place(desk: Desk, tmp_path: Path) -> None:
    document = tmp_path / desk.journal.name
    document.write_bytes(golden("Y"))
    assert said(run("view", document, "--out", document)).endswith("sayfa için başka bir ad verin.")
    assert document.read_bytes() == golden("Y")


def test_a_page_where_a_folder_is(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    assert said(run("view", desk.journal, "--out", folder)) == f"{folder} bir klasör; dosya olmalı."
    assert list(tmp_path.iterdir()) == [folder]
    nowhere = tmp_path / "yok" / "page.html"
    assert said(run("view", desk.journal, "--out", nowhere)).endswith(" bulunamadı.")


def test_brackets_in_names_are_shown_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "[red]Y[1].xml"
    assert said(run("view", path, "--out", tmp_path / "page.html")) == f"{path} bulunamadı."
    path.write_bytes(golden("Y"))
    target = tmp_path / "[bold]x:smile:.html"
    assert str(target) in run("view", path, "--out", target).stdout


# Many documents


def test_validate_goes_on_after_a_file_that_cannot_be_read(desk: Desk) -> None:
    done = run("validate", desk.missing, desk.directory, desk.journal, "--lang", "en")
    assert done.exit_code == 2
    first, second, cure = done.stderr.splitlines()
    assert (first, second) == (
        f"✗ {desk.missing} is not there.",
        f"✗ There is no e-Defter document in {desk.directory}.",
    )
    assert cure.startswith("  Give the file or folder with the ledgers")
    assert f"✓ {desk.journal}  Y  valid" in done.stdout


@pytest.mark.parametrize("file", ["empty", "text", "other", "cut"])
def test_validate_calls_unusable_what_is_no_document(desk: Desk, file: str) -> None:
    assert run("validate", getattr(desk, file)).exit_code == 2


def test_verify_goes_on_after_a_file_that_cannot_be_read(desk: Desk) -> None:
    done = run("verify", desk.missing, desk.journal, "--lang", "en")
    assert done.exit_code == 2
    assert done.stderr.strip() == f"✗ {desk.missing} is not there."
    assert f"✗ {desk.journal}" in done.stdout
    assert "The document is not signed" in done.stdout


@pytest.mark.parametrize("file", ["missing", "directory", "text"])
def test_verify_needs_roots_that_are_certificates(desk: Desk, file: str) -> None:
    path = getattr(desk, file)
    assert str(path) in said(run("verify", desk.journal, "--root", path))


def test_sign_goes_on_after_a_file_that_cannot_be_signed(desk: Desk, tmp_path: Path) -> None:
    files = desk.missing, desk.directory, desk.text, desk.journal
    done = run("sign", *files, "--key", f"p12:{desk.seal}", "--pin-file", desk.pin, "--out", tmp_path)
    assert done.exit_code == 2
    sentences = [line for line in done.stderr.splitlines() if line.startswith("✗")]
    assert len(sentences) == 3
    assert sentences[:2] == [f"✗ {desk.missing} bulunamadı.", f"✗ {desk.directory} bir klasör; dosya olmalı."]
    assert sentences[2].startswith(f"✗ {desk.text}: ")
    assert [path.name for path in tmp_path.iterdir()] == [desk.journal.name]


def test_sign_refuses_what_is_signed(desk: Desk, tmp_path: Path) -> None:
    options = "--key", f"p12:{desk.seal}", "--out", tmp_path
    assert run("sign", desk.journal, *options, DEFTERHANE_PIN=PASSWORD).exit_code == 0
    signed = tmp_path / desk.journal.name
    told = said(run("sign", signed, *options, "--lang", "en", DEFTERHANE_PIN=PASSWORD))
    assert told == f"{signed}: The file is signed already."


# Keys


@pytest.mark.parametrize(
    ("key", "pin", "tr"),
    [
        ("p12:{seal}", "wrong_pin", "Anahtar dosyası açılamadı (muhur.p12): dosya bozuk ya da parola yanlış."),
        ("p12:{journal}", "pin", "Anahtar dosyası açılamadı ("),
        ("p12:{missing}", "pin", "{missing} bulunamadı."),
        ("p12:{directory}", "pin", "{directory} bir klasör; dosya olmalı."),
        ("p12:{seal}", "missing", "{missing} bulunamadı."),
        ("p12:{seal}", "binary", "{binary} UTF-8 metin değil."),
        ("pem:{seal}", "pin", "'pem:{seal}' bir anahtar değil: p12:DOSYA ya da pkcs11:MODÜL?vkn=… yazın."),
        ("{seal}", "pin", "'{seal}' bir anahtar değil"),
        ("p12:", "pin", "'p12:' bir anahtar değil"),
        ("pkcs11:{missing}", "pin", "PKCS#11 kitaplığı ya da ayarlardaki kart kullanılamıyor: yok.xml."),
    ],
)
def test_keys(desk: Desk, tmp_path: Path, key: str, pin: str, tr: str) -> None:
    paths = {name: getattr(desk, name) for name in ("seal", "journal", "missing", "directory", "binary")}
    options = "--key", key.format(**paths), "--pin-file", getattr(desk, pin), "--out", tmp_path
    assert said(run("sign", desk.journal, *options)).startswith(tr.format(**paths))
    assert not list(tmp_path.iterdir())


def test_the_password_is_shown_nowhere(desk: Desk, tmp_path: Path) -> None:
    done = run(
        *("sign", desk.journal, "--key", f"p12:{desk.seal}", "--out", tmp_path), DEFTERHANE_PIN="cok-gizli-parola"
    )
    assert done.exit_code == 2
    assert "gizli" not in done.output


# Exports and tenants


@pytest.mark.parametrize(
    ("name", "tr", "en"),
    [
        ("defter.zip", "dosya adı kimin hangi ayı olduğunu söylemiyor.", "the file's name does not say whose"),
        ("6090408038-202501.rar", "dosya adı kimin hangi ayı olduğunu", "the file's name does not say whose it is"),
        ("6090408038-202513.zip", "dosya adındaki 202513 bir ay değil;", "202513 in the file's name is no month"),
        (
            "6090408039-202501.zip",
            "dosya adındaki 6090408039 bir VKN ya da TCKN değil;",
            "6090408039 in the file's name",
        ),
        ("6090408038.zip", "dosya adında ay yok.", "there is no month in the file's name."),
        ("6090408038-0001.zip", "dosya adında ay yok.", "there is no month in the file's name."),
    ],
)
def test_an_exports_name_must_say_whose_it_is(desk: Desk, tmp_path: Path, name: str, tr: str, en: str) -> None:
    for chosen, wanted in (("tr", tr), ("en", en)):
        done = run("convert", tmp_path / name, "--tenant", EXAMPLE, "--out", tmp_path / "out", "--lang", chosen)
        assert said(done).startswith(f"{tmp_path / name}: {wanted}")
        assert "6090408038-202501.zip" in done.stderr.splitlines()[1]
    assert not list(tmp_path.iterdir())


def test_an_export_of_another_taxpayer(tmp_path: Path) -> None:
    export = tmp_path / "1234567808-202501.zip"
    arguments = "convert", export, "--tenant", EXAMPLE, "--out", tmp_path / "out"
    assert said(run(*arguments, "--lang", "en")) == (
        f"{export} is of the taxpayer 1234567808; the tenant's file is of 6090408038."
    )


def test_an_export_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    export = tmp_path / desk.export.name
    assert said(run("convert", export, "--tenant", EXAMPLE, "--out", tmp_path / "out")) == f"{export} bulunamadı."
    assert not list(tmp_path.iterdir())


def test_an_export_that_is_none_gives_findings(desk: Desk, tmp_path: Path) -> None:
    done = run("convert", desk.export, "--tenant", EXAMPLE, "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 1
    assert "drop.not_zip" in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_file_where_the_folder_should_be(desk: Desk) -> None:
    told = said(run("convert", desk.export, "--tenant", EXAMPLE, "--out", desk.text))
    assert told == f"{desk.text} bir dosya; klasör olmalı."


@pytest.mark.parametrize(
    ("changes", "en"),
    [
        ([('title = "ÖRNEK', 'titel = "ÖRNEK')], "Fields are missing in {path}: title."),
        (
            [('phone = "2120000000"\n', ""), ('engagement = "SMMM', 'other = "SMMM'), ('city = "Ankara"\n', "")],
            "Fields are missing in {path}: phone, address.city, accountant.engagement.",
        ),
        ([("automatic = true", 'automatic = true\ncolour = "red"')], "{path} has unknown fields: colour."),
        ([('"6090408038"', '"6090408039"')], "The field tax_id in {path} is not valid ("),
        ([("first_month = 1", "first_month = 13")], "The field fiscal_year_first_month in {path} is not valid ("),
        ([("gates = []", 'gates = ["sing"]')], "The field gates.0 in {path} is not valid ("),
        ([("[address]", "[address")], "{path} cannot be used: "),
        ([('title = "ÖRNEK', "title = ÖRNEK")], "{path} cannot be used: "),
    ],
)
def test_a_tenants_file(desk: Desk, tmp_path: Path, changes: list[tuple[str, str]], en: str) -> None:
    path = tenant_file(tmp_path, *changes)
    done = run("convert", desk.export, "--tenant", path, "--out", tmp_path / "out", "--lang", "en")
    assert said(done).startswith(en.format(path=path))
    assert "docs/examples/tenant.toml is an example." in done.stderr


def test_a_tenants_file_in_turkish(desk: Desk, tmp_path: Path) -> None:
    path = tenant_file(tmp_path, ('title = "ÖRNEK', 'titel = "ÖRNEK'))
    told = said(run("convert", desk.export, "--tenant", path, "--out", tmp_path / "out"))
    assert told == f"{path} dosyasında eksik alanlar var: title."


@pytest.mark.parametrize("file", ["missing", "directory", "binary"])
def test_a_tenants_file_that_cannot_be_read(desk: Desk, tmp_path: Path, file: str) -> None:
    path = getattr(desk, file)
    assert str(path) in said(run("convert", desk.export, "--tenant", path, "--out", tmp_path / "out"))


@pytest.mark.parametrize(
    ("option", "value", "tr"),
    [
        ("--tenant", "6090408039", "'6090408039' bir VKN (10 hane) ya da TCKN (11 hane) değil"),
        ("--tenant", "", "'' bir VKN"),
        ("--period", "2025-13", "'2025-13' bir ay değil; 2025-01 gibi yazın."),
        ("--period", "ocak", "'ocak' bir ay değil"),
        ("--branch", "0000", "'0000' bir şube numarası değil"),
        ("--branch", "1", "'1' bir şube numarası değil"),
        ("--days", "20-32", "'20-32', 2025-01 ayının günleri değil; 11-20 gibi yazın."),
        ("--days", "20-11", "'20-11', 2025-01 ayının günleri değil"),
        ("--days", "ilk on", "'ilk on', 2025-01 ayının günleri değil"),
        ("--fault", "her-sey", "'her-sey' adında bir kusur yok."),
        ("--fault", "head-twice", "head-twice kusuru columns25 düzeninde olmaz; şunlarda olur: header-detail."),
    ],
)
def test_samples(tmp_path: Path, option: str, value: str, tr: str) -> None:
    assert said(run("sample", "--lines", 10, "--out", tmp_path / "x.zip", option, value)).startswith(tr)
    assert not list(tmp_path.iterdir())


def test_options_that_are_none_are_refused(tmp_path: Path) -> None:
    for arguments in (
        ("sample", "--lines", 1, "--out", tmp_path / "x.zip"),
        ("sample", "--lines", 10, "--out", tmp_path / "x.zip", "--layout", "columns26"),
        ("validate",),
        ("sign", tmp_path / "x.xml"),
        ("view", tmp_path / "x.xml", "--out", tmp_path / "x.html", "--lang", "de"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2
        assert "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(desk: Desk, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for arguments in (
        ("sample", "--lines", 10, "--out", tmp_path / "x.zip"),
        ("convert", desk.export, "--tenant", EXAMPLE, "--out", tmp_path),
        ("convert", desk.export, "--tenant", EXAMPLE, "--out", tmp_path / "out"),
        ("sign", desk.journal, "--key", f"p12:{desk.seal}", "--pin-file", desk.pin, "--out", tmp_path),
        ("view", desk.journal, "--out", tmp_path / "x.html"),
    ):
        assert said(run(*arguments)).endswith("için erişim izniniz yok.")


@pytest.mark.parametrize(
    ("code", "en"),
    [
        (errno.EACCES, "You may not access /x."),
        (errno.EROFS, "You may not access /x."),
        (errno.ENOSPC, "The disk is full (/x)."),
        (errno.ENOTDIR, "/x is not there."),
        (errno.EMFILE, "/x: Too many open files"),
    ],
)
def test_what_the_system_says_is_said_in_words(code: int, en: str) -> None:
    assert errors.of_os_error(OSError(code, os.strerror(code), "/x")).problem.text.en == en


# Languages


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "tr_TR.UTF-8"}, "tr"),
        ({"LANG": "C.UTF-8"}, "tr"),
        ({}, "tr"),
        ({"LANG": "tr_TR.UTF-8", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, "tr"),
    ],
)
def test_the_language_is_the_environments(monkeypatch: pytest.MonkeyPatch, environment, wanted: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language("auto") == wanted
    assert language("tr") == "tr"
    assert language("en") == "en"


def test_every_error_has_a_key_of_its_own() -> None:
    kinds = [
        kind
        for module in (errors, errors_found)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    ]
    keys = [kind.key for kind in kinds]
    assert len(keys) == len(set(keys)) >= 20
    assert all(key.startswith("cli.") for key in keys)


def test_the_commands_are_all_there() -> None:
    for name in ("sample", "convert", "validate", "sign", "verify", "view"):
        assert name in run("--help").stdout
        assert run(name, "--help").exit_code == 0
