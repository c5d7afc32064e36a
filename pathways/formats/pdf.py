"""Writes a plain document as PDF: headings, pairs, lines and tables (P9, O7).

ReportLab with the typeface that it brings (Bitstream Vera), so nothing is fetched
and a name keeps its accents. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from pathways.formats.paper import Section

PLAIN, BOLD = "Vera", "VeraBd"
MARGIN, WIDTH = 0.8 * inch, LETTER[0] - 1.6 * inch
LABELS = 1.9 * inch
GREY = "#bbbbbb"


def document(title: str, under: str, sections: Sequence[Section]) -> bytes:
    """Return a PDF on US letter paper.

    Args:
        title: of the document, on its first page and in its properties.
        under: one line below it: who, when.
        sections: what follows.
    """
    faces()
    target = io.BytesIO()
    made = SimpleDocTemplate(
        target,
        pagesize=LETTER,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author="Milepost",
        invariant=1,
        lang="en-US",
    )
    story: list[Flowable] = [_words(title, "title"), _words(under, "small")]
    for one in sections:
        story += _section(one)
    made.build(story)
    return target.getvalue()


@cache
def faces() -> frozenset[int]:
    """Make the typeface known; return the signs that it can write."""
    plain = TTFont(PLAIN, f"{PLAIN}.ttf")
    pdfmetrics.registerFont(plain)
    pdfmetrics.registerFont(TTFont(BOLD, f"{BOLD}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD)
    return frozenset(plain.face.charToGlyph)


def writable(text: str) -> str:
    """Return a text in signs that the typeface has.

    A letter that it lacks loses its accent; a sign of another script becomes "?".
    """
    known = faces()

    def sign(one: str) -> str:
        if ord(one) in known:
            return one
        base = unicodedata.normalize("NFKD", one)[0]
        return base if ord(base) in known else "?"

    return "".join(sign(one) for one in text if one == "\n" or one.isprintable())


@cache
def _style(name: str) -> ParagraphStyle:
    sizes = {"title": 17, "heading": 12.5, "small": 8.5, "label": 9}
    size = sizes.get(name, 10)
    return ParagraphStyle(
        name,
        fontName=BOLD if name in ("title", "heading", "label") else PLAIN,
        fontSize=size,
        leading=size * 1.35,
        spaceBefore=12 if name == "heading" else 0,
        spaceAfter=4,
        keepWithNext=name == "heading",
    )


def _words(text: str, style: str = "plain") -> Paragraph:
    shown = escape(writable(text)).replace("\n", "<br/>")
    return Paragraph(shown, _style(style))


def _section(one: Section) -> list[Flowable]:
    found: list[Flowable] = [_words(one.heading, "heading")]
    if one.pairs:
        cells = [[_words(name, "label"), _words(text)] for name, text in one.pairs]
        found.append(_table(cells, [LABELS, WIDTH - LABELS]))
    found += [_words(text) for text in one.lines]
    if one.rows:
        head, *rest = one.rows
        cells = [[_words(text, "label") for text in head]]
        cells += [[_words(text) for text in row] for row in rest]
        found.append(_table(cells, [WIDTH / len(head)] * len(head), repeat=1))
    return [*found, Spacer(1, 4)]


def _table(cells: list[list[Paragraph]], widths: list[float], repeat: int = 0) -> Table:
    return Table(
        cells,
        colWidths=widths,
        repeatRows=repeat,
        splitInRow=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, GREY),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ],
    )
