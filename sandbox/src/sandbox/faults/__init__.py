"""Faults in exports: what users get wrong, each by a name, with the finding that must come of it."""
