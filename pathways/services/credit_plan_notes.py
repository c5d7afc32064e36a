"""What a credit plan says besides its fields: warnings, rules, appeal (O7)."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.domain.policy import Policy
from pathways.services.access import Actor
from pathways.services.telling import say_to

WARNED_BY = {"starts_before_approval": "before_start"}
CITED = (
    "credit_flex.law",
    "credit_flex.grade",
    "credit_flex.gpa",
    "credit_flex.before_start",
    "credit_flex.who_decides",
    "wbl.hours_not_credit",
)


@dataclass(frozen=True)
class Note:
    """A sentence with the source that it rests on, empty where there is none."""

    text: str
    source: str


def warning(name: str, policy: Policy, actor: Actor) -> Note:
    """Put a warning into words, with the rule that it rests on."""
    rule = f"credit_flex.{WARNED_BY.get(name, name)}"
    source = policy.pack.source(rule) if policy.pack else None
    text = say_to(actor, f"credit_plan.warn_{name}")
    if name == "athletics" and (contact := policy.district.athletics.contact):
        ask = say_to(actor, "credit_plan.ask_contact", {"who": contact})
        text = f"{text} {ask}"
    return Note(text, source.words if source else "")


def rules_for(policy: Policy) -> tuple[Note, ...]:
    """Return the rules that a plan stands under, each with its source."""
    if policy.pack is None:
        return ()
    return tuple(
        Note(" ".join(rule.text.split()), policy.pack.sources[rule.citation].words)
        for name in CITED
        if (rule := policy.pack.rule(name)) is not None
    )


def appeal_route(policy: Policy, actor: Actor) -> tuple[Note, ...]:
    """Return the way to ask again after a no; blank: your counselor decides this."""
    appeal = policy.district.appeal
    found = [Note(say_to(actor, "credit_plan.appeal"), "")]
    for name, value in (
        ("to", appeal.to),
        ("days", appeal.days),
        ("form", appeal.form),
    ):
        text = (
            say_to(actor, "credit_plan.counselor_decides")
            if value is None
            else str(value)
        )
        label = say_to(actor, f"credit_plan.appeal_{name}")
        found.append(Note(f"{label}: {text}", ""))
    return tuple(found)
