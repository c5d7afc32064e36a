"""What a school has not switched on is said before a flow begins (A11)."""

from __future__ import annotations

from pathways.domain.features import Feature

TALKS = ("reflection", "grow", "project")
CAREERS = (
    "action_explain_career",
    "action_tell_career_pay",
    "action_tell_career_education",
    "action_tell_career_outlook",
    "action_compare_careers",
)
FEATURES: dict[str, Feature] = {
    "action_begin_credit_plan": Feature.CREDIT_PLANS,
    "action_begin_experience_log": Feature.HOURS,
    "action_show_graduation": Feature.GRADUATION,
    **{f"action_begin_{one}": Feature.REFLECTIONS for one in TALKS},
    **dict.fromkeys(CAREERS, Feature.CAREERS),
}
