// For students on every page: a form sends once, a page can be read aloud, the last plan
// can be read without a connection. Every page works without this file.

const away = document.getElementById("away");
const KEPT = "draft:";

function forget() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
  }
  navigator.serviceWorker?.controller?.postMessage("forget");
  return globalThis.caches?.delete("plan");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.turn) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  if (form.action.endsWith("/sign-out")) forget();
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

const offline = () => {
  away.hidden = navigator.onLine;
  away.textContent = navigator.onLine ? "" : away.dataset.words;
};
addEventListener("online", offline);
addEventListener("offline", offline);
offline();
navigator.serviceWorker?.register("/worker.js").catch(() => {});

// Only voices that live on the device: what is read never leaves it.
function voice() {
  const own = speechSynthesis.getVoices().filter((one) => one.localService);
  const language = document.documentElement.lang;
  return own.find((one) => one.lang.startsWith(language)) ?? own.find((one) => one.default);
}

function readAloud(button) {
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  const talk = document.querySelector(".turn:last-of-type .answers");
  const words = new SpeechSynthesisUtterance((talk ?? document.getElementById("main")).innerText);
  words.voice = voice() ?? null;
  words.lang = document.documentElement.lang;
  words.onend = () => {
    button.textContent = away.dataset.read;
  };
  speechSynthesis.speak(words);
  button.textContent = away.dataset.stop;
}

function offerVoice() {
  if (document.querySelector(".read-page") || !voice()) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second read-page";
  button.textContent = away.dataset.read;
  button.addEventListener("click", () => readAloud(button));
  document.getElementById("main").append(button);
}

if (document.documentElement.classList.contains("read_aloud") && globalThis.speechSynthesis) {
  offerVoice();
  speechSynthesis.addEventListener?.("voiceschanged", offerVoice);
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
