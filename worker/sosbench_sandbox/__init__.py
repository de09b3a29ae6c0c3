"""Programs of the sandbox, run as files, with modules they share. The standard library alone (Python 3.10 or newer)."""
