"""Outside judges: xmlsec1 and the official schemas."""

import subprocess
from functools import cache
from pathlib import Path

from lxml import etree

OFFICIAL = Path(__file__).parents[3] / "shared" / "gib-package" / "xsd" / "edefter.xsd"


def xmlsec1_accepts(file: Path, *trusted: Path) -> bool:
    """Whether xmlsec1 finds every digest and the signature right.

    It takes an RSA key from the KeyValue; an EC key only from a certificate that it trusts.
    """
    trust = [word for path in trusted for word in ("--trusted-pem", str(path))]
    arguments = ["xmlsec1", "--verify", "--id-attr:Id", "SignedProperties", *trust, str(file)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "OK" in done.stdout + done.stderr


@cache
def _official_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(OFFICIAL)))


def official_errors(file: Path) -> list[str]:
    """What the official schema says of a signed document."""
    schema = _official_schema()
    schema.validate(etree.parse(str(file), etree.XMLParser(huge_tree=True, resolve_entities=False)))
    return [str(error) for error in schema.error_log]
