"""How an answer is written: its length and its markup.

`src/judge/style/measure-style.ts` says the same in TypeScript, for answers that the worker does not see;
`test/fixtures/style/cases.json` holds both.
"""

from __future__ import annotations

import re

# No model writes more in one go; what is beyond is not looked at.
MAX_CHARS = 2**24

# Text between code fences, to the end of the answer where none closes it. Backticks fence wherever three of them stand, since
# models put them behind text on one line too; tildes only at the beginning of a line.
CODE = re.compile(
    r"(`{3,16})[\s\S]*?(?:\1`*|\Z)|(?<![^\n])[ \t]*(~{3,16})[\s\S]*?(?:\n[ \t]*\2~*[ \t\r]*(?=\n|\Z)|\Z)",
)
# Stands where code was: neither the beginning of a line nor markup.
WAS_CODE = "`"

# White space and digits are spelled out, and lines end with \n alone: `\s`, `\d` and `^` are not the same in JavaScript.
MARKUP = {
    "headers": re.compile(r"(?<![^\n])#{1,6}[ \t\n\r\f\v]"),
    "listItems": re.compile(r"(?<![^\n])[ \t\r\f\v]*(?:[0-9]+\.|[-*+])[ \t\n\r\f\v]"),
    "bold": re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__"),
}


def measure_style(text: str) -> dict[str, int]:
    """{chars, headers, listItems, bold} of an answer, the reasoning before it cut off already.

    Markup is what Arena-Hard's style control counts (`utils/add_markdown_info.py`).
    """
    text = text[:MAX_CHARS]
    prose = CODE.sub(WAS_CODE, text)
    return {"chars": len(text)} | {name: len(pattern.findall(prose)) for name, pattern in MARKUP.items()}
