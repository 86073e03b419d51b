"""Panels as pages: what is in the file, and what no file may do."""

import bz2
import json
import re
import shutil
import zlib
from base64 import b64encode, b85decode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.cli import main
from bpviz.panels.bundle import text_of
from bpviz.panels.page import Page, Still

XOR, LECTURE = bp.presets.xor(), bp.presets.three_two_one()
KILOBYTE = 1000
OLDER_PAGE = Path(__file__).parents[1] / "browser/older/0.1.0.html"


class Reader(HTMLParser):
    """Reads a page as a browser does: its elements, and the text in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])
        assert not {"src", "href", "onload", "onerror"} & given.keys()

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.tags[-1] if self.tags else "", []).append(data)


def content_of(page: str) -> tuple[dict[str, Any], bytes]:
    """Return the script, the style and the panels of a page, and the bytes that follow these."""
    packed = re.search(r'<script [^>]*id="bpviz-page"[^>]*>([^<]*)</script>', page)
    assert packed
    first, second, *values = (b85decode(part.replace(",", "<")) for part in packed[1].split(" "))
    script, style = (bz2.decompress(text).decode() for text in (first, second))
    if len(values) == 1:
        text, _, rest = zlib.decompress(values[0]).partition(b"\n")
    else:
        text, rest = bz2.decompress(values[0]), zlib.decompress(values[1])
    return {**json.loads(text), "script": script, "style": style}, rest


def relu_run(*sizes: int, epochs: int) -> bp.History:
    """Return a run of a ReLU network on 150 random samples."""
    functions = ["relu"] * (len(sizes) - 2) + ["identity"]
    draw = np.random.default_rng(0).normal
    network = bp.Network.random(list(sizes), functions, seed=0)
    inputs, targets = draw(size=(150, sizes[0])), draw(size=(150, sizes[-1]))
    return bp.train(network, inputs, targets, bp.Rule(0.001), epochs=epochs)


# The README says so, too.
@pytest.mark.parametrize(
    ("source", "most"),
    [
        (LECTURE, 88),
        (bp.StepPanel(XOR), 89),
        (bp.StepPanel(LECTURE, predict=["h1[0]"]), 95),
        (bp.StepPanel(LECTURE, perform=True), 98),
        (bp.StepPanel(XOR, perform=True), 99),
        (relu_run(4, 8, 3, epochs=1).trace(0, 0), 92),
        (relu_run(16, 32, 16, 4, epochs=1).trace(0, 0), 100),
        (relu_run(64, 64, 64, 10, epochs=1).trace(0, 0), 176),
        (bp.TrainingPanel(XOR), 164),
        (bp.BugLab(XOR), 139),
        (bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=2_200), 164),
        (relu_run(4, 8, 3, epochs=5), 178),
        (bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=20_000), 237),
        (relu_run(16, 32, 16, 4, epochs=5), 226),
    ],
    ids=[
        *("lecture", "XOR", "lecture that asks", "lecture to perform", "XOR to perform", "4-8-3"),
        *("16-32-16-4", "64-64-64-10"),
        *("training", "bug lab", "2,200 epochs", "4-8-3 run", "20,000 epochs", "16-32-16-4 run"),
    ],
)
def test_a_page_is_small_and_asks_for_nothing(source: object, most: int, tmp_path: Path) -> None:
    page = bp.export.html(source, tmp_path / "page.html").read_text(encoding="utf-8")
    assert len(page.encode()) <= most * KILOBYTE
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert Reader(page).tags.count("section") == 1


def test_the_policy_allows_the_scripts_and_the_style_of_the_page_alone() -> None:
    page = str(bp.StepPanel(LECTURE).page())
    content, _ = content_of(page)
    read = Reader(page)
    [start] = re.findall(r"<script>(.*?)</script>", page)
    allowed = [
        b64encode(sha256(text.encode()).digest()).decode()
        for text in (start, content["script"], read.texts["style"][0])
    ]
    assert read.policy == (
        f"default-src 'none'; script-src 'sha256-{allowed[0]}' 'sha256-{allowed[1]}'; "
        f"style-src 'sha256-{allowed[2]}'; base-uri 'none'; form-action 'none'"
    )


def test_the_numbers_in_a_page_are_those_of_the_panel_to_the_last_bit() -> None:
    panel = bp.StepPanel(XOR, cursor=3)
    panel.frame = 2
    content, rest = content_of(str(panel.page()))
    [values] = content["panels"]
    assert (values["cursor"], values["frame"]) == (3, 2)
    assert values["_frames"] == {"bytes": len(rest)}
    rows = np.frombuffer(rest, "<f8").reshape(4, -1)
    for row, x, y in zip(rows, XOR.inputs, XOR.targets, strict=True):
        assert (row == bp.backprop(XOR.network, x, y, XOR.rule).row).all()


def test_of_a_large_update_a_page_has_the_given_numbers_and_makes_the_others() -> None:
    trace = relu_run(16, 32, 16, 4, epochs=1).trace(0, 0)
    content, rest = content_of(str(bp.StepPanel(trace).page()))
    [values] = content["panels"]
    row = np.frombuffer(rest, "<f8")
    assert values["_bare"] is True
    for name, register in values["_program"]["registers"].items():
        size = int(np.prod(register["shape"]))
        numbers = row[register["start"] :][:size]
        is_made = name in {one["writes"] for one in values["_program"]["operations"]}
        expected = np.zeros(size) if is_made else trace.layout.view(trace.row, name).ravel()
        assert (numbers == expected).all()


def test_a_page_of_a_long_run_keeps_the_updates_around_the_chosen_one() -> None:
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=5_000)
    panel = bp.TrainingPanel(history)
    panel.frame = 12_000
    page = str(panel.page())
    [values] = content_of(page)[0]["panels"]
    first, size = values["_first_frame"], 8 * values["_program"]["size"]
    assert first <= 12_000 < first + values["_frames"]["bytes"] // size
    assert values["_total_frames"] == 20_000


def test_the_same_panel_gives_the_same_bytes() -> None:
    assert str(bp.StepPanel(XOR).page("x")) == str(bp.StepPanel(XOR).page("x"))


def test_several_panels_share_one_script(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    one = bp.export.html(bp.StepPanel(XOR), path).stat().st_size
    bp.export.html([bp.StepPanel(XOR), LECTURE, bp.StepPanel(XOR)], path)
    assert path.stat().st_size < one + 60 * KILOBYTE
    assert Reader(path.read_text(encoding="utf-8")).tags.count("section") == 3


def test_a_page_has_the_smallest_script_that_draws_its_panels() -> None:
    """What asks is needed where one asks, and what changes numbers where updates are shown."""
    run, lab, step = bp.TrainingPanel(XOR), bp.BugLab(XOR), bp.StepPanel(LECTURE)
    asks = bp.StepPanel(LECTURE, predict=["h1[0]"])
    for panels, module in [
        ([step, step], "step.js"),
        ([asks], "asks.js"),
        ([step, asks], "asks.js"),
        ([run, lab], "runs.js"),
        ([run, step], "all.js"),
        ([asks, lab], "all.js"),
    ]:
        content, _ = content_of(str(Page([panel.still() for panel in panels])))
        assert content["script"] == text_of(module).rstrip("\n").rpartition("\n")[0]


PIECES = [
    "</script>",
    "</title>",
    "</h1>",
    "<!--",
    "<script>",
    "\u2028",
    "\u202e",
    '"',
    "'",
    "&",
    "\0",
]
ODD = st.lists(st.sampled_from(PIECES)).map("".join)


PLAIN = str(Page([Still({"_view": "step"}, "x", "<svg></svg>", ["x"])], "x"))


@settings(max_examples=25)
@given(title=ODD | st.text())
def test_titles_are_text_whatever_they_are(title: str) -> None:
    still = Still({"_view": "step", "title": title}, title, "<svg></svg>", [title])
    read = Reader(str(Page([still], title or " ")))
    assert read.tags == Reader(PLAIN).tags
    assert not set("\u202e\u2066\u200f") & set("".join(read.texts.get("title", [])))


def test_a_page_shows_itself_in_a_frame_that_may_do_nothing_but_run_its_script() -> None:
    page = bp.StepPanel(LECTURE).page("A </iframe> title")
    frame = page._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts" title="A &lt;/iframe&gt; title"')
    assert frame.count("<") == 2
    assert repr(page).startswith("Page(A </iframe> title; 1 panel, ")


def test_only_a_page_of_bpviz_is_replaced_unless_it_is_wished(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    bp.export.html(LECTURE, path, "one")
    assert bp.export.html(LECTURE, path, "two") == path
    assert "<h1><bdi>two</bdi></h1>" in path.read_text(encoding="utf-8")
    path.write_text("<!doctype html>\nmine")
    with pytest.raises(FileExistsError, match="a file of 20 bytes and not a page of bpviz"):
        bp.export.html(LECTURE, path)
    assert path.read_text() == "<!doctype html>\nmine"
    bp.export.html(LECTURE, path, overwrite=True)
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_page_that_an_older_version_has_written_is_replaced(tmp_path: Path) -> None:
    page = Path(shutil.copy(OLDER_PAGE, tmp_path))
    bp.export.html(LECTURE, page, "new")
    assert "<h1><bdi>new</bdi></h1>" in page.read_text(encoding="utf-8")


def test_what_cannot_be_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="source is an empty list"):
        bp.export.html([], tmp_path / "page.html")
    with pytest.raises(FileNotFoundError, match="its folder does not exist"):
        bp.export.html(LECTURE, tmp_path / "none" / "page.html")
    with pytest.raises(TypeError, match="title is 3; give a text"):
        bp.StepPanel(LECTURE).page(3)
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "xor.html"
    assert main(["export", "xor", "-o", str(path), "--panel", "training", "--title", "XOR"]) == 0
    assert capsys.readouterr().out == f"wrote {path}\n"
    assert "<title>XOR</title>" in path.read_text(encoding="utf-8")
    path.write_text("mine")
    assert main(["export", "xor", "-o", str(path)]) == 1
    assert "not a page of bpviz" in capsys.readouterr().err
