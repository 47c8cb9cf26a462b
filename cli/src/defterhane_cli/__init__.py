"""The command `defterhane`: all of it on one machine, and tools for files."""
