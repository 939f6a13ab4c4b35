"""A redesign in a link: its scenario file, packed small enough for an address.

A link carries the redesign and nothing else: no result, no name of a person, no secret.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from pathlib import Path

from model.errors import InputError, Where
from model.redesigns.drafts import Draft, from_toml

LONGEST_LINK = 6_000  # characters: browsers and proxies take addresses of 8,000
LONGEST_TEXT = 200_000
WHERE = Where("the link")


def packed(draft: Draft) -> str:
    """A draft as text that can stand in an address.

    Raises
    ------
    InputError for a redesign that is too long for an address: export it as a file instead.
    """
    text = base64.urlsafe_b64encode(zlib.compress(draft.toml.encode(), 9)).decode().rstrip("=")
    if len(text) > LONGEST_LINK:
        found = f"a redesign of {len(text):,} characters when packed"
        raise InputError(WHERE, found, f"at most {LONGEST_LINK:,}", "Export it as a file instead.")
    return text


def unpacked(text: str, root: str | Path | None = None) -> Draft:
    """The draft in a link.

    Raises
    ------
    InputError for a link that is damaged or holds no redesign.
    """
    remedy = "Ask for the link again, or for the redesign as a file."
    if len(text) > LONGEST_LINK:
        raise InputError(WHERE, f"{len(text):,} characters", f"at most {LONGEST_LINK:,}", remedy)
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj()
        whole = opened.decompress(raw, LONGEST_TEXT)
        if opened.unconsumed_tail or not opened.eof:
            raise InputError(WHERE, "more than a redesign, or less", "a whole link", remedy)
        return from_toml(whole.decode(), "the link", root, unfinished=True)
    except (binascii.Error, zlib.error, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(WHERE, "a damaged link", "a whole link", remedy) from None
