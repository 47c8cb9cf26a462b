"""GİB's e-Defter service, as far as it is publicly known: SOAP in, counter-signed berats out."""
