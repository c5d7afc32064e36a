// Reads a page, or the coach's last answer, aloud. Only voices that live on the device are
// used, so that what is read never leaves it; without one the page says so.
const bar = document.getElementById("read");
const button = bar.querySelector("button");
const rate = bar.querySelector("select");
const none = bar.querySelector("p");
const language = document.documentElement.lang;
const KEPT = "read-rate";
const PATIENCE_MS = 1500;
let turn = 0;
let reading = false;

const isOwn = (one) => one.localService === true && one.lang.toLowerCase().startsWith(language);
const voice = () => globalThis.speechSynthesis?.getVoices().find(isOwn);

function stop() {
  turn += 1;
  reading = false;
  speechSynthesis.cancel();
  button.textContent = bar.dataset.read;
}

function read() {
  const own = voice();
  if (!own) return offer();
  stop();
  reading = true;
  const mine = turn;
  const talk = document.querySelector(".turn:last-of-type .answers");
  const shown = (talk ?? document.getElementById("main")).innerText;
  const pieces = shown.split(/\n+/).map((one) => one.trim()).filter(Boolean);
  for (const [place, text] of pieces.entries()) {
    const piece = new SpeechSynthesisUtterance(text);
    piece.voice = own;
    piece.lang = own.lang;
    piece.rate = Number(rate.value);
    if (place === pieces.length - 1) piece.onend = () => turn === mine && stop();
    speechSynthesis.speak(piece);
  }
  button.textContent = bar.dataset.stop;
}

function offer() {
  const can = Boolean(voice());
  for (const name of ["note", "away"]) bar.classList.toggle(name, !can);
  bar.classList.toggle("read-page", can);
  bar.querySelector("div").hidden = !can;
  none.textContent = can ? "" : bar.dataset.none;
  bar.hidden = false;
}

rate.value = sessionStorage.getItem(KEPT) ?? "1";
rate.addEventListener("change", () => {
  sessionStorage.setItem(KEPT, rate.value);
  if (reading) read();
});
button.addEventListener("click", () => (reading ? stop() : read()));
// A browser may name its voices a moment after the page is there.
if (globalThis.speechSynthesis?.getVoices().length === 0) setTimeout(offer, PATIENCE_MS);
else offer();
globalThis.speechSynthesis?.addEventListener?.("voiceschanged", offer);
addEventListener("pagehide", () => globalThis.speechSynthesis?.cancel());
