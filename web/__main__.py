"""Starts the pages: `python -m web`, with the options of uvicorn.

What a start loads stays, so looking for garbage in it waits until it is done, and
leaves it alone afterwards.
"""

import gc

gc.disable()

import uvicorn  # noqa: E402

import web.app  # noqa: E402, F401

gc.freeze()
gc.enable()
uvicorn.main()
