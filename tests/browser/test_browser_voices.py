"""Reading aloud and dictation keep to the device, with made-up voices (P8)."""

from __future__ import annotations

from house import SignIn, Site, actor_called
from playwright.sync_api import Page, expect

from pathways.domain.features import Feature, Switch
from pathways.services import features, preferences

VOICES = """
  const own = (name, lang, localService) => ({ name, lang, localService });
  globalThis.spoken = [];
  globalThis.SpeechSynthesisUtterance = class {
    constructor(text) { this.text = text; }
  };
  Object.defineProperty(globalThis, "speechSynthesis", { configurable: true, value: {
    getVoices: () => [%s],
    speak: (one) => spoken.push([one.voice.name, one.rate, one.text]),
    cancel: () => spoken.push(["cancel", 0, ""]),
  }});
"""
FAR = 'own("far", "en-US", false), own("undefined", "en-US")'
NEAR = 'own("near", "en-GB", true), own("otra", "es-MX", true)'
HEARING = """
  globalThis.started = [];
  globalThis.webkitSpeechRecognition = undefined;
  globalThis.SpeechRecognition = class {
    start() {
      started.push([this.processLocally, this.lang]);
      globalThis.hearing = this;
    }
    stop() { this.onend?.(); }
    abort() {}
  };
  %s
"""
ON_DEVICE = """
  SpeechRecognition.prototype.processLocally = false;
  SpeechRecognition.available = async ({ langs, processLocally }) =>
    processLocally === true && langs[0] === "en-US" ? "available" : "unavailable";
"""
ELSEWHERE = """
  SpeechRecognition.prototype.processLocally = false;
  SpeechRecognition.available = async () => "downloadable";
"""
SAID = """hearing.onresult({ resultIndex: 0, results: [
  Object.assign([{ transcript: " my labs are late " }], { isFinal: true })] })"""
Words = list[list[object]]


def choose(site: Site, *supports: str) -> None:
    actor = actor_called(site, "maya")
    preferences.choose_looks(site.milepost, actor, supports, [])


def test_only_a_voice_of_the_device_reads_at_the_chosen_pace(
    site: Site, sign_in: SignIn
) -> None:
    choose(site, "read_aloud")
    page: Page = sign_in("maya")
    page.add_init_script(VOICES % f"{FAR}, {NEAR}")
    page.goto("/options/CTE-VET")
    page.get_by_label("How fast").select_option("Slower")
    page.get_by_role("button", name="Read this page aloud").click()
    heard: Words = page.evaluate("spoken.filter((one) => one[0] !== 'cancel')")
    assert len(heard) > 5
    assert {one[0] for one in heard} == {"near"}
    assert {one[1] for one in heard} == {0.8}
    assert "Veterinary Science" in [one[2] for one in heard]
    page.get_by_role("button", name="Stop reading").click()
    assert page.evaluate("spoken.at(-1)[0]") == "cancel"
    expect(page.get_by_role("button", name="Read this page aloud")).to_be_visible()


def test_without_such_a_voice_the_page_says_so_and_reads_nothing(
    site: Site, sign_in: SignIn
) -> None:
    choose(site, "read_aloud")
    page: Page = sign_in("maya")
    page.add_init_script(VOICES % FAR)
    page.goto("/home")
    expect(page.locator("#read")).to_contain_text("no voice of its own")
    expect(page.get_by_role("button", name="Read this page aloud")).to_be_hidden()
    assert page.evaluate("spoken.filter((one) => one[0] !== 'cancel')") == []


def test_dictation_starts_on_the_device_or_not_at_all(
    site: Site, sign_in: SignIn
) -> None:
    admin = actor_called(site, "admin")
    switch = Switch(everyone=True)
    features.set_switch(site.milepost, admin, Feature.DICTATION, switch)
    choose(site, "dictation")
    page: Page = sign_in("maya")
    page.add_init_script(HEARING % ON_DEVICE)
    page.goto("/chat")
    button = page.get_by_role("button", name="Speak")
    button.click()
    assert page.evaluate("started") == [[True, "en-US"]]
    expect(page.locator("#dictation")).to_contain_text("stays on this device")
    page.evaluate(SAID)
    expect(page.get_by_label("Your message")).to_have_value("my labs are late")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")

    for where in (ELSEWHERE, ""):
        other: Page = sign_in("maya")
        other.add_init_script(HEARING % where)
        other.goto("/chat")
        expect(other.locator("#dictation")).to_contain_text("does not listen")
        expect(other.get_by_role("button", name="Speak")).to_be_hidden()
        assert other.evaluate("started") == []


def test_both_at_once_do_not_cover_each_other(site: Site, sign_in: SignIn) -> None:
    admin = actor_called(site, "admin")
    switch = Switch(everyone=True)
    features.set_switch(site.milepost, admin, Feature.DICTATION, switch)
    choose(site, "read_aloud", "dictation")
    page: Page = sign_in("maya", viewport={"width": 390, "height": 800})
    page.add_init_script(VOICES % NEAR)
    page.add_init_script(HEARING % ON_DEVICE)
    page.goto("/chat")
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Read this page aloud").click()
    assert page.evaluate("started.length") == 1
    assert page.evaluate("spoken.filter((one) => one[0] === 'near').length") > 0
