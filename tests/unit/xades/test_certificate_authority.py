"""The authority for tests: its certificates are like the real ones, and others can check them."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pydantic import SecretStr

from defterhane.xades.chain import broken_chain, serial_number
from sandbox.ca import SEAL_POLICY, SEAL_USAGE, Authority, Credential
from support.signing import ALGORITHMS, NOW, VKN, authority, gib, save_trusted, seal


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_seal_is_like_a_real_one(algorithm) -> None:
    certificate = seal(algorithm).certificate
    extensions = certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.content_commitment
    assert list(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [SEAL_USAGE]
    (policy,) = extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert policy.policy_identifier == SEAL_POLICY
    assert serial_number(certificate) == VKN
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=3 * 365)
    assert certificate.public_key().key_size == {"rsa": 2048, "ec": 384}[algorithm]  # type: ignore[union-attr]
    assert "TEST" in certificate.issuer.rfc4514_string()


def test_the_others() -> None:
    assert serial_number(gib().certificate) == "3900383669"
    usage = authority().issue_tsa(NOW).certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_a_title_longer_than_a_certificate_allows() -> None:
    subject = authority().issue_seal(VKN, "Ş" * 200, now=NOW).certificate.subject.rfc4514_string()
    assert "Ş" * 32 in subject
    assert "Ş" * 33 not in subject


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_accepts_the_chain(tmp_path: Path) -> None:
    root, issuer = save_trusted(tmp_path)
    leaf = tmp_path / "leaf.pem"
    for credential in (seal("rsa"), seal("ec"), gib(), authority().issue_personal("10000000146", "X", now=NOW)):
        leaf.write_bytes(credential.certificate.public_bytes(Encoding.PEM))
        subprocess.run(
            ["openssl", "verify", "-attime", str(int(NOW.timestamp())), "-CAfile", root, "-untrusted", issuer, leaf],
            check=True,
            capture_output=True,
        )


def test_it_is_kept_in_files_that_only_the_owner_reads(tmp_path: Path) -> None:
    authority().save(tmp_path)
    loaded = Authority.load(tmp_path)
    assert loaded.root_pem == authority().root_pem
    made = loaded.issue_seal(VKN, "X", now=NOW)
    assert broken_chain(made.certificate, [authority().root.certificate, authority().issuer.certificate], NOW) is None
    (tmp_path / "k.p12").touch(mode=0o644)
    made.save_p12(tmp_path / "k.p12", SecretStr("parola"))
    for path in (*tmp_path.glob("*.key.pem"), tmp_path / "k.p12"):
        assert path.stat().st_mode & 0o077 == 0
    again = Credential.load_p12(tmp_path / "k.p12", SecretStr("parola"))
    assert (again.certificate, again.chain) == (made.certificate, made.chain)
    with pytest.raises(ValueError, match="password"):
        Credential.load_p12(tmp_path / "k.p12", SecretStr("başka"))
