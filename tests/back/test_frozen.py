"""Results do not move unless someone means them to (`python -m tests.back.frozen`)."""

from __future__ import annotations

import json

from tests.back.frozen import FILE, results


def test_the_invented_area_gives_what_it_gave(tmp_path):
    assert results(tmp_path) == json.loads(FILE.read_text(encoding="utf-8"))
