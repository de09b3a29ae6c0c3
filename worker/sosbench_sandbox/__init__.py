"""Programs of the sandbox. Each is run as a file, with the standard library alone (Python 3.10 or newer)."""
