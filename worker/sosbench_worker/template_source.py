"""Whether the text of a chat template may be told in a record, which is uploaded and shown."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from sosbench_worker.closed_folder import is_in

FILES = ("chat_template.jinja", "chat_template.json", "tokenizer_config.json", "processor_config.json")
# The Hub's cache: files of a model are links to what is named by its own hash.
BLOB = re.compile(r"/blobs/[0-9a-f]{40}(?:[0-9a-f]{24})?$")


def may_be_told(tokenizer: Any, subfolder: Any = None) -> bool:
    """False where a file that templates are read from is a link out of its folder, or to a hidden file: it could be a secret of the machine.

    The model's own files may be links, and what they hold may be whatever the change claims; only it is not repeated.
    """
    place = getattr(tokenizer, "name_or_path", None)
    if not isinstance(place, str) or not os.path.isdir(place):
        return True
    folders = [place, os.path.join(place, subfolder)] if isinstance(subfolder, str) else [place]
    for folder in map(Path, folders):
        for path in [*(folder / name for name in FILES), *folder.glob("additional_chat_templates/*.jinja")]:
            if path.exists() and not _is_own(os.path.realpath(path), os.path.realpath(place)):
                return False
    return True


def _is_own(real: str, folder: str) -> bool:
    if BLOB.search(real):
        return True
    return is_in(real, folder) and not any(part.startswith(".") for part in Path(real).relative_to(folder).parts)
