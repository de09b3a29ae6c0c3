"""TensorBoard: one file of events in the folder of the series, whose files make one curve."""

from __future__ import annotations

import os
import re
import shutil
import tempfile


def log(target: dict, folder: str, document: dict) -> tuple[str, str | None]:
    """Leaves a whole file, or none: it is written elsewhere, and named when it is complete."""
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    series = os.path.join(target["uri"], document["series"])
    os.makedirs(series, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        writer = EventFileWriter(scratch)
        for event in events_of(document):
            writer.add_event(event)
        writer.close()
        (name,) = os.listdir(scratch)
        # TensorBoard reads what has `tfevents` in its name.
        half = os.path.join(series, f".{name.replace('tfevents', 'half')}")
        try:
            shutil.copyfile(os.path.join(scratch, name), half)
            os.replace(half, os.path.join(series, name))
        finally:
            if os.path.exists(half):
                os.remove(half)
    return series, None


def events_of(document: dict):
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    time = document["point"]["time"]
    values = [Summary.Value(tag=name, simple_value=value) for name, value in document["point"]["metrics"].items()]
    yield Event(wall_time=time, step=time, summary=Summary(value=values))
    for tag, text in {"sos-bench/run": facts(document), "sos-bench/benchmarks": table(document["table"])}.items():
        yield Event(wall_time=time, step=time, summary=Summary(value=[text_value(tag, text)]))


def text_value(tag: str, text: str):
    """A text as its own tab shows it: Markdown."""
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
    from tensorboard.compat.proto.types_pb2 import DT_STRING
    from tensorboard.plugins.text.metadata import create_summary_metadata

    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype=DT_STRING, string_val=[text.encode()], tensor_shape=shape)
    metadata = create_summary_metadata(display_name=None, description=None)
    return Summary.Value(tag=tag, metadata=metadata, tensor=tensor)


def facts(document: dict) -> str:
    rows = {"name": document["name"], **document["outcomes"], **document["config"]}
    return table({"columns": ["", ""], "rows": [[name, value] for name, value in rows.items() if value is not None]})


def table(content: dict) -> str:
    lines = [content["columns"], ["---"] * len(content["columns"]), *content["rows"]]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)


def cell(value: object) -> str:
    """As text: a name from outside is no markup, no link and no picture, which a browser would fetch."""
    if value is None:
        return ""
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*\[\]|])", r"\\\1", text)
