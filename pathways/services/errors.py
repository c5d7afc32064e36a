"""What can go wrong in a use case, in words that a person can act on."""


class MilepostError(Exception):
    """The base of errors with a message for people."""


class NotFound(MilepostError):
    """It does not exist, or the person may not know that it does."""

    def __init__(self, what: str = "It") -> None:
        """Say what was not found, and nothing more."""
        super().__init__(f"{what} was not found.")


class Invalid(MilepostError):
    """A value can't be used; `field` names where it stands."""

    def __init__(self, message: str, field: str = "") -> None:
        """Say what to write instead."""
        super().__init__(message)
        self.field = field


class ConsentNeeded(MilepostError):
    """Nothing of this student may be kept; `gate` says why (trust P7)."""

    def __init__(self, gate: str) -> None:
        """Keep the reason; the words for people are in pathways/texts."""
        super().__init__("Nothing of this student may be kept.")
        self.gate = gate


class SwitchedOff(MilepostError):
    """The school has not switched a feature on for this student yet (A11)."""

    def __init__(self, feature: str, language: str = "en") -> None:
        """Keep which; the words for people are in pathways/texts."""
        super().__init__("The school has not switched this on yet.")
        self.feature, self.language = feature, language


class Stale(MilepostError):
    """Somebody else changed it meanwhile."""
