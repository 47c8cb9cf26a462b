"""XAdES signatures: made in one pass over canonical bytes, verified strictly.

`prepare` says what a key has to sign, `splice` puts the answer into the file, `sign_file` does the whole for one file,
`verify_file` looks at anybody's. `canonical` tells while streaming whether a file is canonical at all.
"""

from defterhane.xades.algorithms import SignatureAlgorithm, algorithm_of, holds
from defterhane.xades.countersign import countersign
from defterhane.xades.head import Head, read_head
from defterhane.xades.keys import SigningKey, SoftwareKey
from defterhane.xades.markup import Scope
from defterhane.xades.prepare import TURKEY, Preparation, SignatureIds
from defterhane.xades.report import Check, CounterSignature, Verification
from defterhane.xades.sign import SignedDocument, body_digest, sign_file, write_signed
from defterhane.xades.splice import Spliced, splice
from defterhane.xades.verify import verify_file
from defterhane.xades.wsse import wsse_signed_info

__all__ = [
    "TURKEY",
    "Check",
    "CounterSignature",
    "Head",
    "Preparation",
    "Scope",
    "SignatureAlgorithm",
    "SignatureIds",
    "SignedDocument",
    "SigningKey",
    "SoftwareKey",
    "Spliced",
    "Verification",
    "algorithm_of",
    "body_digest",
    "countersign",
    "holds",
    "read_head",
    "sign_file",
    "splice",
    "verify_file",
    "write_signed",
    "wsse_signed_info",
]
