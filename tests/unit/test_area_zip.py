"""Area folders as zip files: what goes out comes back in, and anything else is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from model import parameters
from model.errors import InputError
from model.root import find
from model.uploads import adopt, kept_areas, remove, texts_of_zip, zip_of
from model.uploads.area_zip import folder_texts


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FAMILY_PATHWAYS_AREAS", str(tmp_path / "areas"))
    return tmp_path / "areas"


def sefton() -> dict[str, str]:
    path = find() / "parameters" / "areas" / "sefton.toml"
    return {"sefton.toml": path.read_text(encoding="utf-8"), "report.md": "# Made for a test\n"}


def packed(files: dict[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return found.getvalue()


def test_an_area_goes_out_and_comes_back_and_has_a_name_of_its_own(home):
    texts = sefton()
    assert texts_of_zip(zip_of("sefton", texts)) == texts
    assert zip_of("sefton", texts) == zip_of("sefton", texts)
    assert adopt(texts) == "sefton_2", "the project's own Sefton keeps its name"
    assert adopt(texts) == "sefton_2", "the same area is kept once"
    changed = {**texts, "report.md": "# Another\n"}
    assert adopt(changed) == "sefton_3"
    assert kept_areas() == ["sefton_2", "sefton_3"]
    assert parameters.load("sefton_3").area.title == "Sefton"
    assert set(folder_texts("sefton_2")) == {"sefton_2.toml", "report.md"}
    remove("sefton_2")
    assert kept_areas() == ["sefton_3"]
    with pytest.raises(InputError):
        remove("../sefton")


TOML = b'[area]\ntitle = "A"\ncode = "A"\nkind = "council"\nlocalities = ["A"]\n'
WRONG = {
    "no zip": (b"%PDF", "no zip file that can be read"),
    "nothing in it": (packed({}), "no area's file"),
    "no area's file": (packed({"a/report.md": b"x"}), "no area's file"),
    "two areas": (packed({"a.toml": TOML, "b.toml": TOML}), "2 areas' files (a.toml, b.toml)"),
    "two folders": (packed({"a/a.toml": TOML, "b/report.md": b"x"}), "2 folders"),
    "a program": (packed({"a/a.toml": TOML, "a/run.exe": b"MZ"}), "run.exe"),
    "a name that is none": (packed({"A b.toml": TOML}), "A b.toml"),
    "not text": (packed({"a.toml": b"\xff\xfe\x00"}), "no zip file that can be read"),
    "unpacks to a lot": (packed({"a.toml": b"0" * 31_000_000}), "31 MB"),
    "many files": (packed({f"{n}.toml": b"" for n in range(21)}), "21 files"),
    "large": (b"PK" + b"0" * 6_000_000, "6 MB"),
    "a link": (packed({"a.toml": TOML + b'note = "[x](http://elsewhere)"\n'}), "a link or a tag"),
}


@pytest.mark.parametrize(("data", "says"), WRONG.values(), ids=list(WRONG))
def test_anything_else_is_refused_and_says_why(data, says):
    with pytest.raises(InputError) as error:
        texts_of_zip(data)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"[area]", b"[aera]"), "no table [area]"),
        ((b'title = "Sefton"', b'title = "**Sefton** ![](x)"'), "a plain name"),
    ],
)
def test_an_area_that_cannot_be_run_is_not_kept_and_no_path_is_told(home, change, says):
    texts = sefton()
    texts["sefton.toml"] = texts["sefton.toml"].encode().replace(*change).decode()
    with pytest.raises(InputError) as error:
        adopt(texts)
    assert says in str(error.value)
    assert str(home) not in str(error.value)
    assert kept_areas() == []
