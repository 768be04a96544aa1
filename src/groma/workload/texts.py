"""Texts as a file states them: one line that can be printed, drawn and mailed, each kind with its length.

Letters of any language and emoji are welcome. What no document can hold (control characters, half of a pair
of UTF-16, U+FFFE) and what would turn the text around it (embeddings and overrides of direction) is not.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls, surrogates, separators of lines and of paragraphs."""
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What sets the direction of the text after it (Unicode Standard Annex 9, section 2)."""
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
"""What browsers take for an e-mail address (HTML Standard, 4.10.5.1.5, "valid e-mail address")."""

BOUNDARY = r"^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]{1,512}$"
"""The ARN of a managed policy."""
PREFIX = r"^[a-z][a-z0-9]{0,9}$"
"""What names begin with."""
KMS_KEY = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]{1,64}$"
"""The ARN of a key; an alias's is none, since it can be moved to another."""


def is_fit(character: str) -> bool:
    """Whether a character can stand in a line that is printed and drawn.

    >>> is_fit("é"), is_fit("\\a"), is_fit("\\ufffe")
    (True, False, False)
    """
    is_no_character = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return not (is_no_character or character in TURNING or unicodedata.category(character) in UNFIT)


def one_line(value: str) -> str:
    """The same text. Raises ValueError when it holds what no line can."""
    for character in value:
        if not is_fit(character):
            raise ValueError(f"must be one line of text without U+{ord(character):04X}")
    return value


_OneLine = AfterValidator(one_line)
Line = Annotated[str, Field(max_length=80), _OneLine]
"""A name of somebody."""
Phrase = Annotated[str, Field(max_length=300), _OneLine]
"""A sentence, such as a source."""
Label = Annotated[str, Field(min_length=1, max_length=40), _OneLine]
"""The name of a request class, which stands in tables and plots."""
Code = Annotated[str, Field(max_length=40)]
"""A name that AWS gave: a region or a zone."""
EnvironmentName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,15}$")]
"""One of several stacks of a file, which its name ends with: staging."""
TagName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$"), _OneLine]
Tag = Annotated[str, Field(max_length=256, pattern=r"^[\w .:/=+@-]*$"), _OneLine]
"""What AWS takes in every service
(https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html, undated, read 2026-11-29)."""
