"""The forms of a page, as a browser would fill them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"", "text", "search", "email", "number", "date", "time", "tel"})
SECRET = frozenset({"password", "file"})


@dataclass
class Control:
    """A field of a form, with what stands in it."""

    name: str
    kind: str
    value: str = ""
    invalid: bool = False
    told_by: tuple[str, ...] = ()


@dataclass
class Form:
    """A form: where it goes, and its fields."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    buttons: int = 0

    @property
    def typed(self) -> list[Control]:
        """Return the fields that somebody types into or chooses a file for."""
        kinds = TYPED | SECRET | {"textarea"}
        return [one for one in self.controls if one.kind in kinds]

    @property
    def is_open(self) -> bool:
        """Whether there is something to type, and a way to send it."""
        return bool(self.typed and self.buttons)

    def filled(self) -> dict[str, str]:
        """Return what the form would send as it stands, without files."""
        sent = {}
        for one in self.controls:
            if one.kind not in ("file", "button", "checkbox off", "radio off"):
                sent.setdefault(one.name, one.value)
        return sent

    def called(self, name: str) -> Control:
        """Return a field by its name."""
        return next(one for one in self.controls if one.name == name)


class Forms(HTMLParser):
    """Reads the forms of a page, and the words that stand under an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: dict[str, str] = {}
        self.alerts: list[str] = []
        self._select = ""
        self._stack: list[tuple[str, str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag not in ("input", "br", "img", "meta", "link", "hr", "use", "rect"):
            alarm = a.get("role") == "alert"
            self._stack.append((tag, a.get("id", ""), alarm))
            if alarm:
                self.alerts.append("")
        if tag == "form":
            form = Form(a.get("action", ""), a.get("method", "get"))
            self.forms.append(form)
        if tag == "button" and self.forms:
            self.forms[-1].buttons += 1
        if self.forms and "name" in a and tag in ("input", "textarea", "button"):
            self._control(tag, a)
        elif tag == "select" and self.forms and "name" in a:
            self._control(tag, a)
            self._select = "first"
        elif tag == "option" and (self._select == "first" or "selected" in a):
            self.forms[-1].controls[-1].value = a.get("value", "")
            self._select = "chosen"

    def _control(self, tag: str, a: dict[str, str]) -> None:
        kind = a.get("type", "") if tag == "input" else tag
        if kind in ("checkbox", "radio") and "checked" not in a:
            kind = f"{kind} off"
        self.forms[-1].controls.append(
            Control(
                a["name"],
                kind,
                a.get("value", ""),
                a.get("aria-invalid") == "true",
                tuple(a.get("aria-describedby", "").split()),
            )
        )

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        while self._stack:
            if self._stack.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1][0] == "textarea" and self.forms:
            self.forms[-1].controls[-1].value += data
        for _, id_, alarm in self._stack:
            if id_:
                self.words[id_] = self.words.get(id_, "") + data
            if alarm:
                self.alerts[-1] += data
