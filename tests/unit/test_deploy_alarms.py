"""Alarms and dashboard name figures that exist, and each alarm has its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from web import metrics

ROOT = Path(__file__).parents[2]
FIGURE = re.compile(r"\b(milepost_[a-z_]+)")
RULES = yaml.safe_load((ROOT / "deploy/prometheus/alarms.yml").read_text())["groups"]
ALARMS = [rule for group in RULES for rule in group["rules"]]
BOARD = json.loads((ROOT / "deploy/grafana/milepost.json").read_text())


def known() -> set[str]:
    """Return every name under which our figures are read."""
    ends = {"counter": ["_total"], "gauge": [""], "histogram": HISTOGRAM}
    return {
        family.name + end
        for family in REGISTRY.collect()
        for end in ends.get(family.type, [])
        if family.name.startswith("milepost_")
    }


HISTOGRAM = ["_bucket", "_sum", "_count"]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm["alert"])
def test_an_alarm_reads_figures_that_exist_and_leads_to_its_page(alarm: dict) -> None:
    assert metrics.turns is not None  # the figures are registered
    named = set(FIGURE.findall(alarm["expr"]))
    assert named and named <= known()
    page, _, place = alarm["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert alarm["alert"] in headings and place == alarm["alert"].lower()


def test_the_dashboard_reads_figures_that_exist() -> None:
    read = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
    named = {name for expr in read for name in FIGURE.findall(expr)}
    assert named <= known()
    ours = {name.removesuffix("_bucket") for name in known() if "_sum" not in name}
    unseen = {one for one in ours if not any(name.startswith(one) for name in named)}
    assert {one for one in unseen if not one.endswith("_count")} == set()


def test_the_runbook_has_no_page_without_an_alarm() -> None:
    text = (ROOT / "docs/runbook.md").read_text()
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) == {
        alarm["alert"] for alarm in ALARMS
    }
