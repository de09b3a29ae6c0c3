"""Runs bubblewrap as root of namespaces where nobody else is but who is nobody outside: `as_nobody.py BWRAP...`.

bubblewrap itself can only make programs be who it is. It ends with 125 where the kernel does not allow it.
"""

from __future__ import annotations

import errno
import os
import sys

from descriptors import close_inherited
from users import forbid_namespaces, make_namespaces

FAILED = 125


def main() -> None:
    close_inherited()
    try:
        make_namespaces(0, nobody=True)
        forbid_namespaces()
        os.execvp(sys.argv[1], sys.argv[1:])
    except OSError as error:
        sys.stderr.write(f"{errno.errorcode.get(error.errno or 0, 'sandbox')}: {error.strerror or error}\n")
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
