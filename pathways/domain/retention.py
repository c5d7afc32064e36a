"""How long what is kept about students stays, in days, as a district sets it (P5)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Kept = Annotated[int, Field(ge=1, le=7300)] | None
GRACE = 14


class Retention(BaseModel):
    """Days for each kind; None: as long as the student is at the school.

    The defaults: messages 12 months (16 CFR 312.10 asks that a child's data is not
    kept longer than needed; the district sets its own figure), looks as long as a
    record may be asked about.

    Attributes:
        tracker: days after which the assistant forgets a talk that rests.
        files: days that a file in a waiting folder may be left over.
        deletion_grace: days in which a confirmed deletion can be taken back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    messages: Kept = 365
    reflections: Kept = 365
    drafts: Kept = 90
    reminders: Kept = 365
    suggestions: Kept = 365
    hours: Kept = None
    alerts: Kept = 730
    looks: Kept = 1825
    requests: Kept = 1095
    sign_ins: Annotated[int, Field(ge=1, le=365)] = 30
    tracker: Annotated[int, Field(ge=1, le=365)] = 30
    files: Annotated[int, Field(ge=1, le=365)] = 7
    deletion_grace: Annotated[int, Field(ge=0, le=45)] = GRACE

    def days(self, kind: str) -> int | None:
        """Return the days of a kind."""
        found: int | None = getattr(self, kind)
        return found
