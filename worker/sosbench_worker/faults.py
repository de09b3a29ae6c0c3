"""Which of the five kinds of failure an exception is."""

from __future__ import annotations

# In lower case. Device and host: PyTorch's allocators, CUDA's and ROCm's libraries, engines, the system.
OOM_TEXTS = (
    "out of memory",
    "outofmemoryerror",
    "can't allocate memory",
    "cannot allocate memory",
    "unable to allocate",
    "bad_alloc",
    "status_alloc_failed",
    "not enough memory",
    "no available memory for the cache blocks",
    "larger than the available kv cache memory",
    "tokens that can be stored in kv cache",
    "less than desired gpu memory utilization",
)

# Texts that sound like it, and are of something else: shared memory of a kernel, space on a disk.
NOT_OOM_TEXTS = ("shared memory", "no space left on device")

# After one of these every later call in the same process fails.
DEVICE_TEXTS = (
    "cuda error", "cudnn error", "cublas error", "nccl error", "hip error", "device-side assert", "enginedeaderror",
)

DATA_ERRORS = (
    "DatasetNotFoundError",
    "DataFilesNotFoundError",
    "DatasetGenerationError",
    "DatasetGenerationCastError",
    "TaskDataError",
    "UnknownTask",
    "ClaimedFile",
)


def classify(error: BaseException, *, during: str) -> str:
    """'oom', 'device', 'data', 'model' or 'internal'; `during` is the request that raised it."""
    text = str(error).lower()
    names = {cls.__name__ for cls in type(error).__mro__}
    if isinstance(error, MemoryError) or "OutOfMemoryError" in names or is_want_of_memory(text):
        return "oom"
    if during == "open" or "MeaninglessLogProbabilities" in names:
        return "model"
    # An engine that died took the device's state along; the caller reads in its log what it died of.
    if names & {"AcceleratorError", "EngineDeadError"} or any(t in text for t in DEVICE_TEXTS):
        return "device"
    if during == "describe" or names & set(DATA_ERRORS):
        return "data"
    return "internal"


def is_want_of_memory(text: str) -> bool:
    return any(t in text for t in OOM_TEXTS) and not any(t in text for t in NOT_OOM_TEXTS)
