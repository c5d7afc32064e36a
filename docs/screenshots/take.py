"""Takes the pictures of this folder, from the real product on the demo school.

Run after `make train`: `.venv/bin/python docs/screenshots/take.py`.
"""

from __future__ import annotations

import sys
import tempfile
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from live import PASSWORD, running  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
LARGEST = 90_000
LOOKS = tuple((size, scheme) for size in SIZES for scheme in ("light", "dark"))
SHRINK = """async (data) => {
  const picture = await createImageBitmap(await (await fetch(data)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const made = await canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
  return Array.from(new Uint8Array(await made.arrayBuffer()));
}"""
TALK = (
    "I like animals",
    "I want to be a vet",
    "I want to set a goal",
    "finish my five missing biology labs",
    "all five are handed in and marked, two are done now",
    "I want to work with animals and biology is part of it",
    "7",
    "December 18",
    "ask Mr. Reyes for the lab list",
    "I am tired after practice",
    "I do one lab before dinner",
    "yes",
)
PICTURES = {
    "maya": {"home": "/home", "chat": "/chat", "plan": "/plan", "goals": "/goals"}
    | {"profile": "/profile", "pathway": "/pathway", "options": "/options"}
    | {"option": "/options/CTE-VET", "more": "/more", "supports": "/supports"}
    | {"reflections": "/reflections", "reminders": "/reminders"}
    | {"summaries": "/summaries", "person": "/person"}
    | {"graduation": "/graduation", "experiences": "/experiences"}
    | {"credit-ways": "/credit-plans/ways"},
    "ortiz": {"caseload": "/caseload"},
    "maya.family": {"family": "/family"},
    "bell": {"catalog": "/catalog", "course": "/catalog/course/MTH-ALG1"}
    | {"catalog-check": "/catalog/check", "imports": "/imports/new", "rules": "/rules"},
    "admin": {"health": "/admin/health", "features": "/admin/features"}
    | {"retention": "/admin/retention"},
}


def enter(browser: Browser, url: str, username: str, size: str, scheme: str) -> Page:
    """Sign somebody in on a screen of a size; return their page."""
    width, height = SIZES[size]
    page = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    ).new_page()
    page.goto("/sign-in")
    page.get_by_label("User name").fill(username)
    if username == "maya":
        take(page, "sign-in", size, scheme)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def say(page: Page, text: str, turn: int) -> None:
    """Say something, and wait until the coach has answered."""
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")
    answered(page, turn)


def answered(page: Page, turn: int) -> None:
    """Wait until a turn is answered."""
    said = page.locator(f"#turn-{turn} .reply")
    expect(said.first).to_be_visible(timeout=20_000)
    expect(page.locator("#typing")).to_be_hidden()


def talk(page: Page) -> None:
    """Have the conversation that the pictures show."""
    page.goto("/chat")
    for turn, text in enumerate(TALK, 1):
        say(page, text, turn)
    say(page, "What classes fit me?", len(TALK) + 1)
    page.locator(".card").first.get_by_role("button", name="Save").click()
    answered(page, len(TALK) + 2)
    say(page, "What classes fit me?", len(TALK) + 3)


def take(page: Page, name: str, size: str, scheme: str) -> None:
    """Write one picture.

    Raises:
        ValueError: it is larger than a picture in this folder may be.
    """
    path = HERE / f"{name}-{size}{'-dark' if scheme == 'dark' else ''}.webp"
    path.write_bytes(smaller(page, page.screenshot()))
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path.name} is larger than {LARGEST} bytes.")


def smaller(page: Page, picture: bytes) -> bytes:
    """Return a picture as WebP, made by the browser itself."""
    data = f"data:image/png;base64,{b64encode(picture).decode()}"
    with page.context.browser.new_page() as canvas:  # type: ignore[union-attr]
        return bytes(canvas.evaluate(SHRINK, data))


def main() -> None:
    """Take every picture, on a phone and on a desktop, light and dark."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as live,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        talk(enter(browser, live.url, "maya", "phone", "light"))
        for size, scheme in LOOKS:
            for username, pictures in PICTURES.items():
                page = enter(browser, live.url, username, size, scheme)
                for name, address in pictures.items():
                    page.goto("about:blank")
                    page.goto(address)
                    page.evaluate("document.fonts.ready.then(() => true)")
                    take(page, name, size, scheme)
        browser.close()


if __name__ == "__main__":
    main()
