// Writes what a student says into the message, where the browser can do that on the device
// itself. Where it would send the sound away, nothing is ever started and the page says so.
const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
const holder = document.getElementById("dictation");
const button = holder.querySelector("button");
const note = holder.querySelector("[role=status]");
const box = document.getElementById("text");
const words = holder.dataset;
const SPOKEN = { en: ["en-US"], es: ["es-US", "es-MX", "es-ES"] };
let hearing = null;

async function languageHere() {
  if (!Recognition?.available || !("processLocally" in Recognition.prototype)) return "";
  for (const one of SPOKEN[document.documentElement.lang] ?? []) {
    const asked = Recognition.available({ langs: [one], processLocally: true });
    if ((await asked.catch(() => "")) === "available") return one;
  }
  return "";
}

function said(event) {
  for (const result of [...event.results].slice(event.resultIndex)) {
    if (result.isFinal) box.value = `${box.value.trimEnd()} ${result[0].transcript.trim()}`.trim();
  }
  box.dispatchEvent(new Event("input"));
}

function quiet(text) {
  hearing = null;
  button.setAttribute("aria-pressed", "false");
  note.textContent = text;
}

function listen(language) {
  const one = new Recognition();
  one.processLocally = true;
  if (one.processLocally !== true) return quiet(words.none);
  one.lang = language;
  one.continuous = true;
  one.onresult = said;
  one.onerror = () => quiet(words.refused);
  one.onend = () => hearing && quiet("");
  hearing = one;
  one.start();
  button.setAttribute("aria-pressed", "true");
  note.textContent = words.on;
}

const language = await languageHere();
holder.hidden = false;
button.hidden = !language;
if (!language) quiet(words.none);
button.addEventListener("click", () => (hearing ? hearing.stop() : listen(language)));
document.getElementById("composer").addEventListener("submit", () => hearing?.stop());
addEventListener("pagehide", () => hearing?.abort());
