"""Crisis and safeguarding screen: what a student message may mean, and the reply."""

from pathways.safety.replies import Reply, reply, soft_line
from pathways.safety.screening import Screening, screen

__all__ = ["Reply", "Screening", "reply", "screen", "soft_line"]
