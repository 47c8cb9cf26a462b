"""From entries to documents, canonical from the first byte."""
