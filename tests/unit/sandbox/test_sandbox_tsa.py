"""The time-stamp authority, judged by two outside implementations, and under attack."""

import hashlib
import secrets
import shutil
import subprocess
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.x509.oid import ExtendedKeyUsageOID
from pydantic import SecretStr
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from sandbox.ca import Authority, Credential
from sandbox.tsa import POLICY, REQUEST_LIMIT, TimeStampAnswer, TimeStampAuthority
from sandbox.tsa_identity import Identity

NOW = datetime(2025, 4, 14, 9, 30, 15, 250000, tzinfo=UTC)
DATA = b"<ds:SignatureValue>...</ds:SignatureValue>"


@pytest.fixture(scope="module")
def authority():
    return Authority.create(NOW)


@pytest.fixture(scope="module")
def credential(authority):
    return authority.issue_tsa(NOW)


@pytest.fixture(scope="module")
def tsa(credential):
    return TimeStampAuthority(credential, clock=lambda: NOW, new_id=uuid4, users={})


def request(data=DATA, algorithm="sha256", **fields):
    digest = hashlib.new(algorithm, data).digest()
    values = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
        "cert_req": True,
        **fields,
    }
    return tsp.TimeStampReq(values)


def status_of(answer):
    info = TimeStampAnswer.load(answer, strict=True)["status"]
    return info["status"].native, info["fail_info"].native


def token_info(answer):
    signed = TimeStampAnswer.load(answer, strict=True)["time_stamp_token"]["content"]
    return signed, signed["encap_content_info"]["content"].parsed


def verify(answer, sent, authority, data=DATA):
    verifier = VerifierBuilder.from_request(sent).add_root_certificate(authority.root.certificate).build()
    return verifier.verify_message(decode_timestamp_response(answer), data)


@pytest.mark.parametrize("algorithm", [HashAlgorithm.SHA256, HashAlgorithm.SHA512])
def test_an_outside_client_verifies_the_token(tsa, authority, algorithm):
    sent = TimestampRequestBuilder().data(DATA).hash_algorithm(algorithm).build()
    answer = tsa.answer(sent.as_bytes())
    assert verify(answer, sent, authority)
    stamped = decode_timestamp_response(answer).tst_info
    assert stamped.gen_time == NOW.replace(microsecond=0)
    assert stamped.nonce == sent.nonce
    with pytest.raises(VerificationError):
        verify(answer, sent, authority, data=DATA + b" ")
    with pytest.raises(VerificationError):
        verify(answer, sent, Authority.create(NOW))


def test_an_outside_client_verifies_the_token_of_an_ec_key(authority):
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "EC TSA")]))
        .issuer_name(authority.issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.issuer.key.public_key()), critical=False
        )
        .sign(authority.issuer.key, hashes.SHA256())
    )
    chain = (authority.issuer.certificate, authority.root.certificate)
    tsa = TimeStampAuthority(Credential(key, certificate, chain), clock=lambda: NOW, new_id=uuid4, users={})
    sent = TimestampRequestBuilder().data(DATA).build()
    assert verify(tsa.answer(sent.as_bytes()), sent, authority)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not here")
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("with_certificates", [True, False])
def test_openssl_verifies_the_token(authority, credential, tmp_path, algorithm, with_certificates):
    # openssl checks certificates at the present time, whatever the stamped time is
    tsa = TimeStampAuthority(
        authority.issue_tsa(datetime.now(UTC)), clock=lambda: datetime.now(UTC), new_id=uuid4, users={}
    )
    data, query, reply, roots, others = (tmp_path / name for name in ("data", "tsq", "tsr", "root", "others"))
    data.write_bytes(DATA)
    pem = serialization.Encoding.PEM
    roots.write_bytes(authority.root_pem)
    certificate = tsa._certificates[0].dump()
    others.write_bytes(
        x509.load_der_x509_certificate(certificate).public_bytes(pem) + authority.issuer.certificate.public_bytes(pem)
    )
    extra = ["-cert"] if with_certificates else []
    openssl("ts", "-query", "-data", data, f"-{algorithm}", *extra, "-out", query)
    reply.write_bytes(tsa.answer(query.read_bytes()))
    common = ("ts", "-verify", "-in", reply, "-CAfile", roots, "-untrusted", others)
    assert "Verification: OK" in openssl(*common, "-queryfile", query).stdout
    data.write_bytes(DATA + b"!")
    assert openssl(*common, "-data", data, check=False).returncode != 0


def openssl(*arguments, check=True):
    return subprocess.run(["openssl", *map(str, arguments)], check=check, capture_output=True, text=True, timeout=60)


def test_the_token_says_what_the_standard_wants(tsa, credential):
    nonce = 2**63 + 5
    answer = tsa.answer(request(nonce=nonce, req_policy=POLICY).dump())
    assert status_of(answer) == ("granted", None)
    signed, info = token_info(answer)
    assert info["version"].native == "v1"
    assert info["policy"].native == POLICY
    assert info["nonce"].native == nonce
    assert info["ordering"].native is False
    assert info["accuracy"]["seconds"].native == 1
    assert info["message_imprint"].dump() == request()["message_imprint"].dump()
    signer = signed["signer_infos"][0]
    attributes = {item["type"].native: item["values"] for item in signer["signed_attrs"]}
    ess = attributes["signing_certificate_v2"][0]["certs"][0]
    der = credential.certificate.public_bytes(serialization.Encoding.DER)
    assert ess["cert_hash"].native == hashlib.sha256(der).digest()
    assert ess["issuer_serial"]["serial_number"].native == credential.certificate.serial_number
    usage = credential.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_certificates_come_only_when_asked_for(tsa, credential):
    with_them, _ = token_info(tsa.answer(request(cert_req=True).dump()))
    without, _ = token_info(tsa.answer(request(cert_req=False).dump()))
    assert with_them["certificates"][0].chosen.serial_number == credential.certificate.serial_number
    assert without["certificates"].native is None


def test_a_request_without_nonce_gets_none(tsa):
    _, info = token_info(tsa.answer(request().dump()))
    assert info["nonce"].native is None


def test_serial_numbers_are_unique_and_as_given(credential):
    ids = [uuid4() for _ in range(5)]
    tsa = TimeStampAuthority(credential, clock=lambda: NOW, new_id=iter(ids).__next__, users={})
    serials = [token_info(tsa.answer(request().dump()))[1]["serial_number"].native for _ in ids]
    assert serials == [item.int for item in ids]


@pytest.mark.parametrize(
    ("attack", "failure"),
    [
        ("sha1", "bad_alg"),
        ("md5", "bad_alg"),
        ("algorithm unheard of", "bad_alg"),
        ("parameters", "bad_data_format"),
        ("short imprint", "bad_data_format"),
        ("long imprint", "bad_data_format"),
        ("empty imprint", "bad_data_format"),
        ("version 2", "bad_request"),
        ("version 0", "bad_request"),
        ("other policy", "unaccepted_policy"),
        ("extension", "unaccepted_extensions"),
        ("empty", "bad_data_format"),
        ("noise", "bad_data_format"),
        ("trailing bytes", "bad_data_format"),
        ("truncated", "bad_data_format"),
        ("a reply instead", "bad_data_format"),
        ("nested deep", "bad_data_format"),
        ("endless length", "bad_data_format"),
        ("too long", "bad_data_format"),
        ("wrong type inside", "bad_data_format"),
    ],
)
def test_an_attack_is_refused_by_a_proper_answer(tsa, attack, failure):
    answer = tsa.answer(attacks(tsa)[attack])
    assert status_of(answer) == ("rejection", {failure})
    loaded = TimeStampAnswer.load(answer, strict=True)
    assert loaded["time_stamp_token"].native is None
    assert loaded["status"]["status_string"][0].native


def attacks(tsa):
    def imprint(length):
        return {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"x" * length}

    valid = request().dump()
    extension = {"extn_id": "1.2.3.4", "critical": True, "extn_value": b"x"}
    return {
        "sha1": request(algorithm="sha1").dump(),
        "md5": request(algorithm="md5").dump(),
        "algorithm unheard of": valid.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503047f7f")),
        "parameters": valid.replace(b"\x05\x00", b"\x04\x00", 1),
        "short imprint": request(message_imprint=imprint(31)).dump(),
        "long imprint": request(message_imprint=imprint(64)).dump(),
        "empty imprint": request(message_imprint=imprint(0)).dump(),
        "version 2": request(version="v2").dump(),
        "version 0": request(version="v0").dump(),
        "other policy": request(req_policy="1.2.3.4").dump(),
        "extension": request(extensions=[extension]).dump(),
        "empty": b"",
        "noise": bytes(range(256)),
        "trailing bytes": valid + b"\0",
        "truncated": valid[:-3],
        "a reply instead": tsa.answer(valid),
        "nested deep": b"\x30\x80" * 3000,
        "endless length": b"\x30\x84\xff\xff\xff\xff" + valid,
        "too long": request(nonce=int.from_bytes(b"\x01" * REQUEST_LIMIT)).dump(),
        "wrong type inside": b"\x30\x06\x04\x01\x01\x02\x01\x01",
    }


def test_noise_never_raises(tsa):
    valid = request(nonce=12345).dump()
    for position in range(len(valid)):
        for value in (0x00, 0x30, 0x7F, 0x80, 0xFF):
            mutated = valid[:position] + bytes([value]) + valid[position + 1 :]
            assert status_of(tsa.answer(mutated))[0] in ("granted", "rejection")
    for _ in range(200):
        assert status_of(tsa.answer(secrets.token_bytes(40)))[0] == "rejection"


USERS = {4711: SecretStr("parola-ş")}


class TestIdentity:
    @pytest.fixture
    def guarded(self, credential):
        return TimeStampAuthority(credential, clock=lambda: NOW, new_id=lambda: UUID(int=1), users=USERS)

    @staticmethod
    def header(imprint, user=4711, password="parola-ş", iterations=100, salt=b"s" * 16, initial=b"i" * 16):
        key = PBKDF2HMAC(hashes.SHA256(), 32, salt, iterations).derive(password.encode())
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(initial[:16].ljust(16, b"i"))).encryptor()
        encrypted = encryptor.update(padder.update(imprint) + padder.finalize()) + encryptor.finalize()
        return (
            Identity(
                {
                    "user_id": user,
                    "salt": salt,
                    "iteration_count": iterations,
                    "iv": initial,
                    "encrypted_imprint": encrypted,
                }
            )
            .dump()
            .hex()
        )

    @pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
    def test_a_known_user_gets_a_token(self, guarded, algorithm):
        header = self.header(hashlib.new(algorithm, DATA).digest())
        assert status_of(guarded.answer(request(algorithm=algorithm).dump(), header))[0] == "granted"

    @pytest.mark.parametrize(
        "attack",
        [
            "none",
            "empty",
            "unknown user",
            "password",
            "another digest",
            "iterations",
            "zero",
            "salt",
            "iv",
            "no hex",
            "no DER",
            "trailing",
            "huge",
        ],
    )
    def test_everybody_else_does_not(self, guarded, attack):
        imprint = hashlib.sha256(DATA).digest()
        header = {
            "none": lambda: None,
            "empty": lambda: "",
            "unknown user": lambda: self.header(imprint, user=1),
            "password": lambda: self.header(imprint, password="parola"),
            "another digest": lambda: self.header(hashlib.sha256(b"replayed").digest()),
            "iterations": lambda: self.header(imprint, iterations=10_001),
            "zero": lambda: self.header(imprint).replace("020164", "020100"),
            "salt": lambda: self.header(imprint, salt=b"s" * 15),
            "iv": lambda: self.header(imprint, initial=b"i" * 15),
            "no hex": lambda: "zz",
            "no DER": lambda: "3003",
            "trailing": lambda: self.header(imprint) + "00",
            "huge": lambda: "30" * 5000,
        }[attack]()
        answer = guarded.answer(request().dump(), header)
        assert status_of(answer) == ("rejection", {"bad_request"})
        text = TimeStampAnswer.load(answer)["status"]["status_string"][0].native
        assert text == "the identity header is missing or wrong"


def test_the_answer_is_what_cms_readers_expect(tsa):
    answer = TimeStampAnswer.load(tsa.answer(request().dump()), strict=True)
    content = answer["time_stamp_token"]
    assert isinstance(content, cms.ContentInfo)
    assert content["content_type"].native == "signed_data"
    assert content["content"]["version"].native == "v3"
