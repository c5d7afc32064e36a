"""How much a request may hold, and how long it may take to come in."""

LARGEST_BODY = 16 * 1024
BODY_SECONDS = 10.0
UPLOADS = "/imports/files"  # reads its own body, see web/uploads.py
