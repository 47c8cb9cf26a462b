"""A time-stamp authority (RFC 3161): reads a request, answers with a signed token or a proper refusal.

Pure: bytes in, bytes out. What is wrong with a request is told in the answer's PKIStatusInfo, never by an
exception (RFC 3161 section 2.4.2).
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pydantic import SecretStr

from sandbox.ca import Credential
from sandbox.tsa_identity import IdentityRefused, check_identity

POLICY: Final = "2.999.3161.1"
"""The one policy: a time stamp of no legal value (2.999 is the arc for examples)."""
REQUEST_LIMIT: Final = 8 * 1024
"""Bytes; a request is about a hundred bytes long."""

_DIGEST_SIZES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}


class TimeStampAnswer(core.Sequence):  # type: ignore[misc]
    """TimeStampResp with its token optional, as RFC 3161 has it: a refusal carries none."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class _Refused(Exception):
    def __init__(self, failure: str, reason: str) -> None:
        self.failure = failure
        self.reason = reason
        super().__init__(reason)


class TimeStampAuthority:
    """Issues time-stamp tokens.

    Args:
        credential: an RSA or EC key whose certificate may stamp time and nothing else.
        clock: the time that is stamped, aware.
        new_id: gives serial numbers; they are unique as long as these are.
        users: Kamu SM's customers by user number, with their passwords. Where there are any, requests need
            an `identity` header.
    """

    def __init__(
        self,
        credential: Credential,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
        users: Mapping[int, SecretStr],
    ) -> None:
        self._key = credential.key
        self._certificates = [
            x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
            for certificate in (credential.certificate, *credential.chain)
        ]
        self._clock = clock
        self._new_id = new_id
        self._users = dict(users)

    def answer(self, request: bytes, identity: str | None = None) -> bytes:
        """Answer a DER TimeStampReq with a DER TimeStampResp.

        Args:
            request: as it came, at most `REQUEST_LIMIT` bytes of it are looked at.
            identity: the header `identity`, as it came.
        """
        try:
            query = _read(request)
            if self._users:
                self._identify(identity, query["message_imprint"]["hashed_message"].native)
            token = self._token(query)
        except _Refused as refused:
            return _refusal(refused)
        return _dump(TimeStampAnswer({"status": {"status": "granted"}, "time_stamp_token": token}))

    def _identify(self, identity: str | None, imprint: bytes) -> None:
        try:
            check_identity(identity, imprint, self._users)
        except IdentityRefused as refused:
            raise _Refused("bad_request", str(refused)) from refused

    def _token(self, query: Any) -> Any:
        info = _dump(self._info(query))
        attributes = self._signed_attributes(info)
        signer, signature, digest = self._sign(_dump(attributes))
        own = self._certificates[0]
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": digest}],
                "encap_content_info": {"content_type": "tst_info", "content": tsp.TSTInfo.load(info)},
                "certificates": self._certificates if query["cert_req"].native else None,
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": cms.SignerIdentifier(
                            {
                                "issuer_and_serial_number": {
                                    "issuer": own.issuer,
                                    "serial_number": own.serial_number,
                                }
                            }
                        ),
                        "digest_algorithm": {"algorithm": digest},
                        "signed_attrs": attributes,
                        "signature_algorithm": signer,
                        "signature": signature,
                    }
                ],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _info(self, query: Any) -> Any:
        fields: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": query["message_imprint"].copy(),
            "serial_number": self._new_id().int,
            "gen_time": self._clock().astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
            "tsa": x509.GeneralName("directory_name", self._certificates[0].subject),
        }
        if query["nonce"].native is not None:
            fields["nonce"] = query["nonce"].native
        return tsp.TSTInfo(fields)

    def _signed_attributes(self, info: bytes) -> Any:
        digest = self._digest()
        own = self._certificates[0]
        certificate_id = {
            "cert_hash": hashlib.sha256(own.dump()).digest(),
            "issuer_serial": {
                "issuer": [x509.GeneralName("directory_name", own.issuer)],
                "serial_number": own.serial_number,
            },
        }
        return cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.new(digest, info).digest()]},
                {"type": "signing_certificate_v2", "values": [{"certs": [certificate_id]}]},
            ]
        )

    def _digest(self) -> str:
        return "sha384" if isinstance(self._key, ec.EllipticCurvePrivateKey) else "sha256"

    def _sign(self, data: bytes) -> tuple[Any, bytes, str]:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            signature = self._key.sign(data, ec.ECDSA(hashes.SHA384()))
            return algos.SignedDigestAlgorithm({"algorithm": "sha384_ecdsa"}), signature, self._digest()
        signature = self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}), signature, self._digest()


def _read(request: bytes) -> Any:
    """Parse and check a request (RFC 3161 section 2.4.1)."""
    if len(request) > REQUEST_LIMIT:
        raise _Refused("bad_data_format", "the request is too long")
    try:
        query = tsp.TimeStampReq.load(request, strict=True)
        version, extensions = query["version"].native, query["extensions"].native
        imprint, policy = query["message_imprint"], query["req_policy"].native
        algorithm, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        # The library parses a field when it is asked for, so all are asked for here.
        _ = imprint["hash_algorithm"]["parameters"].native, query["nonce"].native, query["cert_req"].native
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise _Refused("bad_data_format", "this is no TimeStampReq in DER") from error
    if version != "v1":
        raise _Refused("bad_request", "only version 1 is known")
    if algorithm not in _DIGEST_SIZES:
        raise _Refused("bad_alg", "SHA-256, SHA-384 and SHA-512 are accepted")
    if len(digest) != _DIGEST_SIZES[algorithm]:
        raise _Refused("bad_data_format", "the imprint has not the length of its algorithm's digests")
    if extensions:
        raise _Refused("unaccepted_extensions", "no extension is known")
    if policy is not None and policy != POLICY:
        raise _Refused("unaccepted_policy", f"the only policy is {POLICY}")
    return query


def _refusal(refused: _Refused) -> bytes:
    status = {
        "status": "rejection",
        "status_string": [refused.reason],
        "fail_info": {refused.failure},
    }
    return _dump(TimeStampAnswer({"status": status}))


def _dump(value: Any) -> bytes:
    encoded: bytes = value.dump()
    return encoded
