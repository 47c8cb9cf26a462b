"""The ds:SignedInfo of web-service messages (WS-Security), built from Ids and digests alone.

A signer builds it itself, so that nobody can have it sign anything else through this door: every reference is to a part
of the same message (`#Id`), never to a whole document, and the canonicalization is not that of documents' signatures.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Final

from defterhane.xades.algorithms import SignatureAlgorithm
from defterhane.xades.errors import BadReferences
from defterhane.xades.names import DS, EXCLUSIVE_C14N, SHA256

MAX_REFERENCES: Final = 8
_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,199}")
_DIGEST_BYTES: Final = 32


def wsse_signed_info(references: Sequence[tuple[str, str]], algorithm: SignatureAlgorithm) -> bytes:
    """The exclusive canonical form of a ds:SignedInfo: the bytes to be signed, and to be put into the message.

    Args:
        references: (Id, base64 of the SHA-256 of the part's exclusive canonical form), in order; at most eight.
        algorithm: of the key that will sign.

    Raises:
        BadReferences: none, too many, an Id that is not a plain name or stands twice, or no SHA-256.
    """
    if not 1 <= len(references) <= MAX_REFERENCES:
        raise BadReferences(why=str(len(references)))
    if len({identifier for identifier, _ in references}) != len(references):
        raise BadReferences(why="Id")
    return (
        f'<ds:SignedInfo xmlns:ds="{DS}">'
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{algorithm}"></ds:SignatureMethod>'
        f"{''.join(_reference(identifier, digest) for identifier, digest in references)}"
        "</ds:SignedInfo>"
    ).encode("ascii")


def _reference(identifier: str, digest: str) -> str:
    if not _ID.fullmatch(identifier):
        raise BadReferences(why="Id")
    try:
        value = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadReferences(why="DigestValue") from error
    if len(value) != _DIGEST_BYTES or base64.b64encode(value).decode() != digest:
        raise BadReferences(why="DigestValue")
    return (
        f'<ds:Reference URI="#{identifier}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{EXCLUSIVE_C14N}"></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    )
