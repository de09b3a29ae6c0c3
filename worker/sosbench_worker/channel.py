"""JSON lines over stdin and the real stdout, safe from whatever the harness prints."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import signal
import sys
import threading
import time
from typing import Any

Message = dict[str, Any]

GRACE_SECONDS = 1.0


class Channel:
    """Requests in, answers out. The process group ends when the requests' pipe closes."""

    def __init__(self, fd: int) -> None:
        self._out = os.fdopen(fd, "w", encoding="utf-8", buffering=1)
        self._write_lock = threading.Lock()
        self._requests: queue.Queue[Message] = queue.Queue()
        # Looked at and not served yet.
        self._held: Message | None = None
        self._cancelled: set[str] = set()
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    @classmethod
    def take_stdout(cls) -> Channel:
        """Keeps the real stdout for the protocol and points file descriptor 1 at stderr."""
        real = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
        os.set_inheritable(real, False)
        return cls(real)

    def send(self, message: Message) -> None:
        """Writes one message as one line. NaN and infinities become null: JSON has none."""
        line = json.dumps(_finite(message), ensure_ascii=True, separators=(",", ":"))
        with self._write_lock:
            self._out.write(line + "\n")
            self._out.flush()

    def next(self) -> Message:
        """Waits for the next request. When there will be no more the process ends."""
        if self._held is not None:
            request, self._held = self._held, None
            return request
        return self._requests.get()

    def next_together(self) -> Message | None:
        """The next request where it is there already and is one that may be served beside others."""
        if self._held is None:
            with contextlib.suppress(queue.Empty):
                self._held = self._requests.get_nowait()
        if self._held is None or not self._held.get("together"):
            return None
        return self.next()

    def is_cancelled(self, chunk: str) -> bool:
        return chunk in self._cancelled

    def _read(self) -> None:
        # A raw read: sys.stdin's buffer would hold lines back.
        pending = b""
        while True:
            block = os.read(0, 1 << 16)
            if not block:
                break
            *lines, pending = (pending + block).split(b"\n")
            for line in lines:
                if not line.strip():
                    continue
                message = json.loads(line)
                if message.get("type") == "cancel":
                    self._cancelled.add(message.get("chunk", ""))
                else:
                    self._requests.put(message)
        # The caller is gone, or has asked for a shutdown and gets it now. The main thread may be deep inside
        # a batch, and helpers (engines, data loaders) live in this group: end all of it, so no GPU stays held.
        time.sleep(GRACE_SECONDS)
        os.killpg(os.getpgid(0), signal.SIGKILL)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
