"""The flame graphs of docs/flames: what they count, and that they run no script."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from bench.flame import graph, stacks

RAW = """\
_bootstrap (threading.py:1002);_worker (concurrent/futures/thread.py:81) 30
main (rasa/__main__.py:9);serve (sanic/server/runners.py:233) 70
main (rasa/__main__.py:9);serve (sanic/server/runners.py:233);turn (bot/channel.py:1) 5
main (rasa/__main__.py:9);serve (sanic/server/runners.py:233);turn (bot/channel.py:2) 5
main (rasa/__main__.py:9);serve (sanic/server/runners.py:233);send <&> (x.py:3) 10
"""


def test_waiting_and_the_way_to_serving_are_left_out() -> None:
    assert stacks(RAW) == {("turn (channel.py)",): 10, ("send <&> (x.py)",): 10}


def test_a_frame_is_as_wide_as_its_share_of_the_time() -> None:
    drawn = graph(stacks(RAW))
    boxes = ElementTree.fromstring(drawn).findall("{*}g")
    assert [box.findtext("{*}title") for box in boxes] == [
        "send <&> (x.py): 50.0%",
        "turn (channel.py): 50.0%",
    ]
    assert "20 samples" in drawn
    assert "<script" not in drawn and "href" not in drawn
