"""Files that a task's definition names as its data: they count from the definition's own folder, as its Python files do."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sosbench_worker.closed_folder import ClosedFolder

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class OwnData:
    """Where definitions have their data, as far as `closed` lets them."""

    def __init__(self, closed: ClosedFolder) -> None:
        self._closed = closed

    def overrides(self, config: dict[str, Any], definition: Path | None) -> dict[str, Any]:
        """What to say in place of a definition's relative paths; empty where it has none."""
        dataset = config.get("dataset_path")
        if definition is None or not isinstance(dataset, str):
            return {}
        folder = Path(definition).resolve().parent
        if not is_builder(dataset):
            # A name such as ORG/NAME is the Hub's, wherever this process is; a folder beside the definition comes first.
            local = folder / dataset
            if ADDRESS.match(dataset) or not (local.exists() or dataset.startswith((".", "/"))):
                return {}
            return {"dataset_path": self._allowed(str(local))}
        arguments = config.get("dataset_kwargs") or {}
        named = {key: arguments[key] for key in ("data_files", "data_dir") if arguments.get(key)}
        if not named:
            return {}
        return {"dataset_kwargs": {**arguments, **{key: self._absolute(value, folder) for key, value in named.items()}}}

    def _absolute(self, value: Any, folder: Path) -> Any:
        if isinstance(value, dict):
            return {key: self._absolute(part, folder) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._absolute(part, folder) for part in value]
        if not isinstance(value, str) or ADDRESS.match(value):
            return value
        return self._allowed(os.path.normpath(folder / value))

    def _allowed(self, path: str) -> str:
        self._closed.require(path, "its data")
        return path


def is_builder(dataset: str) -> bool:
    """Whether a data set's path is the name of a reader of files, such as `json`."""
    from datasets.packaged_modules import _PACKAGED_DATASETS_MODULES

    return dataset in _PACKAGED_DATASETS_MODULES
