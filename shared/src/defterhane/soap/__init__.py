"""The wire between us and GİB's web service: names, WSDL, envelopes, WS-Security, fault codes."""
