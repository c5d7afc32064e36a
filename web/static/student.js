// For students on every page: a form sends once, and the last plan can be read
// without a connection. Every page works without this file.

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
