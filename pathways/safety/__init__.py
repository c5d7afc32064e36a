"""Crisis and safeguarding screen: what a student message may mean, and the reply."""

from pathways.safety.replies import Reply, Seen, reply, soft_line
from pathways.safety.screening import Screening, screen

__all__ = ["Reply", "Screening", "Seen", "reply", "screen", "soft_line"]
