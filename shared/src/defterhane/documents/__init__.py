"""Documents as bytes: reading untrusted XML, the schemas of e-Defter, canonical digests."""
