import pytest

from pathways.safety.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ya no quiero vivir", "es"),
        ("mi papa me pega", "es"),
        ("me quiero morir", "es"),
        ("i don't want to be alive anymore", "en"),
        ("i want to die", "en"),
        ("kms", "fallback"),
        ("", "fallback"),
        ("no quiero estar aquí, i can't", "es"),
    ],
)
def test_crisis_help_comes_in_the_language_of_the_message(
    text: str, language: str
) -> None:
    assert language_of(text, "fallback") == language
