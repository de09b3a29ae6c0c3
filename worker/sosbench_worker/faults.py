"""Which of the five kinds of failure an exception is."""

from __future__ import annotations

OOM_TEXTS = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "cuda error: out of memory",
    "cublas_status_alloc_failed",
    "no available memory for the cache blocks",
    "not enough memory",
)

# After one of these every later call in the same process fails.
DEVICE_TEXTS = ("cuda error", "cudnn error", "cublas error", "nccl error", "hip error", "device-side assert")

DATA_ERRORS = (
    "DatasetNotFoundError",
    "DataFilesNotFoundError",
    "DatasetGenerationError",
    "DatasetGenerationCastError",
    "TaskDataError",
    "UnknownTask",
)


def classify(error: BaseException, *, during: str) -> str:
    """'oom', 'device', 'data', 'model' or 'internal'; `during` is the request that raised it."""
    text = str(error).lower()
    names = {cls.__name__ for cls in type(error).__mro__}
    if (
        isinstance(error, MemoryError)
        or "OutOfMemoryError" in names
        or any(t in text for t in OOM_TEXTS)
    ):
        return "oom"
    if during == "open":
        return "model"
    if "AcceleratorError" in names or any(t in text for t in DEVICE_TEXTS):
        return "device"
    if during == "describe" or names & set(DATA_ERRORS):
        return "data"
    return "internal"
