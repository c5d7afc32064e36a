"""The tables of the performance page are those that the last runs wrote."""

from __future__ import annotations

import pytest

from bench.page import BEGIN, END, PAGE, page, text


def test_the_tables_are_those_of_the_results() -> None:
    whole = PAGE.read_text(encoding="utf-8")
    assert page(whole, text()) == whole
    assert whole.count(BEGIN) == whole.count(END) == 1


def test_a_page_without_a_place_for_them_is_refused() -> None:
    with pytest.raises(ValueError, match="has no lines"):
        page("# Performance", "a table")
