"""A worksheet on paper: what Chromium prints."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

import bpviz as bp

POINTS = {"A4": (595, 842), "Letter": (612, 792)}


def printed(browser: Browser, html: str, folder: Path) -> PdfReader:
    """Print a page from a file, as a teacher does, without any network."""
    file = folder / "sheet.html"
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    context.close()
    return PdfReader(io.BytesIO(pdf))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("numbers", ["decimals", "fractions"])
def test_a_sheet_and_its_key_take_both_sides_of_one_paper(browser, tmp_path, paper, numbers):
    sheet = bp.worksheet("Ada Lovelace", seed=7, paper=paper, numbers=numbers)
    for key in (False, True):
        pdf = printed(browser, sheet.html(key), tmp_path)
        assert len(pdf.pages) == 2
        size = (float(pdf.pages[0].mediabox.width), float(pdf.pages[0].mediabox.height))
        assert size == pytest.approx(POINTS[paper], abs=1)
        text = words(pdf)
        assert "Backpropagation by hand: a 2-2-1 network" in text
        assert "Name: Ada Lovelace" in text
        assert ("Answer key" in text) == key
        for section in sheet.sheet.sections:
            assert section.title in text
        for place, page in enumerate(pdf.pages, start=1):
            last = " ".join(page.extract_text().split())
            assert f"page {place}" in last
            assert f"Ada Lovelace · {'answer key' if key else 'worksheet'}" in last


def test_the_key_prints_every_number_and_the_blank_sheet_none(browser, tmp_path):
    sheet = bp.worksheet("Ada", seed=7)
    results = [
        sheet.sheet.problem.text(str(line.target))
        for section in sheet.sheet.sections
        for line in section.lines
    ]
    key = words(printed(browser, sheet.html(key=True), tmp_path))
    blank = words(printed(browser, sheet.html(), tmp_path))
    for result in results:
        assert result in key
    only_in_key = {result for result in results if len(result) > 3} - set(blank.split())
    assert only_in_key
    for result in only_in_key:
        assert result not in blank


def test_everybody_in_a_class_starts_on_a_page_of_their_own(browser, tmp_path):
    names = ["Ada", "Zoë <b>", "Ada"]
    sheets = bp.worksheet(names=names, seed=7)
    pdf = printed(browser, sheets.html(), tmp_path)
    assert len(pdf.pages) == 6
    for place, name in enumerate(["Ada", "Zoë <b>", "Ada (2)"]):
        front, back = (" ".join(pdf.pages[2 * place + k].extract_text().split()) for k in (0, 1))
        assert f"Name: {name}" in front
        assert f"{name} · worksheet" in back


def test_a_student_with_three_pages_leaves_a_blank_side_before_the_next(browser, tmp_path):
    sheets = bp.worksheet(names=["Ada", "Eve"], seed=7, sizes=(2, 3, 3, 1))
    alone = len(printed(browser, sheets[0].html(), tmp_path).pages)
    together = printed(browser, sheets.html(), tmp_path)
    starts = [
        number for number, page in enumerate(together.pages) if "Name:" in page.extract_text()
    ]
    assert alone >= 3
    assert starts == [0, alone + alone % 2]


def test_nothing_on_the_printed_page_is_cut_off(browser, tmp_path):
    for options in ({}, {"sizes": (3, 2, 1), "activations": ["sigmoid"] * 2}, {"sizes": (4, 3, 2)}):
        for key in (False, True):
            file = tmp_path / "sheet.html"
            file.write_text(bp.worksheet("Ada", **options).html(key), encoding="utf-8")
            page = browser.new_page(viewport={"width": 690, "height": 900})  # A4 less its margins
            page.emulate_media(media="print")
            page.goto(file.as_uri())
            wide = page.evaluate(
                "[...document.querySelectorAll('.line, .given span, dd math')]"
                ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
            )
            assert wide == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 690
            page.close()
