"""The domain core: what a ledger *is*. Pure, typed, without I/O."""
