"""Settings and software keys: nothing secret comes out, and files are read anew when they change."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from defterhane.xades import holds
from defterhane.xades.errors import KeyFileUnreadable
from signer.errors import NoCertificate, NoSeal
from signer.ring import FileRing, TokenRing, open_ring
from signer.settings import SignerSettings
from support.signing import NOW, VKN, authority, seal
from support.tenants import tenant as make_tenant

BASE = {"database_url": "postgresql://u:p@h/d", "objects_url": "file:///x"}
PASSWORD = SecretStr("çok-gizli")


@pytest.fixture
def ring(tmp_path: Path) -> FileRing:
    seal().save_p12(tmp_path / f"{VKN}.p12", PASSWORD)
    return FileRing(tmp_path, PASSWORD, lambda: NOW)


async def test_a_tenants_file_signs(ring: FileRing) -> None:
    key = await ring.key_for(make_tenant(VKN))
    assert key.certificate == seal().certificate
    assert key.chain == (authority().issuer.certificate, authority().root.certificate)
    assert holds(key.certificate, b"data", await key.sign(b"data"))


async def test_an_authorised_signers_file_signs(ring: FileRing) -> None:
    key = await ring.key_for(make_tenant("1234567808", authorised_signers=["../../etc/passwd", VKN]))
    assert key.certificate == seal().certificate


async def test_no_file(ring: FileRing) -> None:
    with pytest.raises(NoCertificate):
        await ring.key_for(make_tenant("1234567808"))


async def test_the_file_of_another_under_the_tenants_name(ring: FileRing, tmp_path: Path) -> None:
    seal().save_p12(tmp_path / "1234567808.p12", PASSWORD)
    with pytest.raises(NoSeal):
        await ring.key_for(make_tenant("1234567808"))


async def test_a_renewed_file_is_read_anew(ring: FileRing, tmp_path: Path) -> None:
    await ring.key_for(make_tenant(VKN))
    renewed = authority().issue_seal(VKN, "X", "ec", now=NOW)
    renewed.save_p12(tmp_path / f"{VKN}.p12", PASSWORD)
    assert (await ring.key_for(make_tenant(VKN))).certificate == renewed.certificate


async def test_a_wrong_password(tmp_path: Path) -> None:
    seal().save_p12(tmp_path / f"{VKN}.p12", PASSWORD)
    with pytest.raises(KeyFileUnreadable) as caught:
        await FileRing(tmp_path, SecretStr("abrakadabra"), lambda: NOW).key_for(make_tenant(VKN))
    assert "abrakadabra" not in str(caught.value.problem)


class TestSettings:
    """Either files or a token, with what belongs to it."""

    def test_files(self, tmp_path: Path) -> None:
        settings = SignerSettings(**BASE, signer_p12_folder=tmp_path, signer_p12_password="gizli")
        assert isinstance(open_ring(settings, lambda: NOW), FileRing)
        assert "gizli" not in repr(settings)

    async def test_a_token(self) -> None:
        settings = SignerSettings(**BASE, signer_pkcs11_module="/lib/x.so", signer_pkcs11_pin="1234")
        ring = open_ring(settings, lambda: NOW)
        assert isinstance(ring, TokenRing)
        await ring.close()

    def test_a_pin_from_a_file(self, tmp_path: Path, monkeypatch) -> None:
        (tmp_path / "pin").write_text("1234\n")
        monkeypatch.setenv("DEFTERHANE_SIGNER_PKCS11_PIN_FILE", str(tmp_path / "pin"))
        monkeypatch.setenv("DEFTERHANE_SIGNER_PKCS11_MODULE", "/lib/x.so")
        settings = SignerSettings(**BASE)
        assert settings.signer_pkcs11_pin is not None
        assert settings.signer_pkcs11_pin.get_secret_value() == "1234"

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"signer_p12_folder": "/x"},
            {"signer_pkcs11_module": "/x.so"},
            {
                "signer_p12_folder": "/x",
                "signer_p12_password": "gizli-parola",
                "signer_pkcs11_module": "/x",
                "signer_pkcs11_pin": "9876543",
            },
            {"signer_p12_folder": "/x", "signer_p12_password": "gizli-parola", "signer_name": "Ana İmzacı"},
        ],
    )
    def test_nothing_half_set_and_no_secret_in_the_error(self, given) -> None:
        with pytest.raises(ValidationError) as caught:
            SignerSettings(**BASE, **given)
        assert "gizli-parola" not in str(caught.value)
        assert "9876543" not in str(caught.value)
