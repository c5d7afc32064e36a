// Sends a turn and shows its answer as it comes. Without this file every form still
// works. Words that are not sent yet stay in this tab alone, until they are sent, the tab
// is closed, or the student signs out.

const log = document.getElementById("log");
const composer = document.getElementById("composer");
const box = document.getElementById("text");
const wrong = document.getElementById("text-wrong");
const left = document.getElementById("text-left");
const pending = document.getElementById("pending");
const typing = document.getElementById("typing");
const lost = document.getElementById("lost");
const warming = document.getElementById("warming");
const words = composer.dataset;
const NEAR_END = 200;
const POLL_MS = 4000;
const draft = `draft:${words.who}`;
let busy = false;
let again = null;
let waiting = false;

function complain(text) {
  wrong.textContent = text;
  if (text) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
}

function count() {
  const room = words.longest - box.value.length;
  if (room > NEAR_END) left.textContent = "";
  else left.textContent = (room < 0 ? words.over : words.left).replace("#", Math.abs(room));
  if (room >= 0 && box.value.trim()) complain("");
  if (box.value) sessionStorage.setItem(draft, box.value);
  else sessionStorage.removeItem(draft);
}

function show(element) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

function retireChips(except) {
  for (const form of log.querySelectorAll(".chips")) {
    if (!except?.contains(form)) form.remove();
  }
}

// One server-sent event at a time: [name, data].
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
      const lines = rest.slice(0, end).split("\n");
      const name = lines[0].replace("event: ", "");
      yield [name, lines.slice(1).map((line) => line.slice(6)).join("\n")];
    }
  }
}

function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

function place(turn) {
  const known = document.getElementById(turn.id);
  if (known) known.replaceWith(turn);
  else {
    const before = log.querySelector(".turn:last-of-type");
    if (before?.dataset.day !== turn.dataset.day) {
      const day = element('<p class="milestone"><span></span></p>');
      day.firstChild.textContent = turn.dataset.day;
      log.append(day);
    }
    log.append(turn);
  }
  return turn;
}

// What the student sees once the server holds the message.
function stored(html, form, sent) {
  const turn = place(element(html));
  pending.hidden = true;
  if (form === composer) {
    box.value = box.value.trimStart().replace(sent, "").trimStart();
    composer.elements.client_message_id.value = turn.dataset.nextId;
    count();
  }
  const hadFocus = log.contains(document.activeElement);
  retireChips();
  if (hadFocus || document.activeElement === document.body) refocus();
  show(turn);
  return turn;
}

function refocus() {
  if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
  else log.focus({ preventScroll: true });
}

async function follow(response, form, sent) {
  let turn = null;
  let ended = false;
  for await (const [name, data] of events(response.body)) {
    if (name === "stored") turn = stored(data, form, sent);
    else if (name === "typing") typing.hidden = false;
    else if (name === "unsaved") log.append(element(data));
    else if (name === "reply" || name === "failed") {
      turn.querySelector(".answers").append(element(data));
    }
    if (turn && name !== "stored") show(turn);
    ended ||= name === "done" || name === "failed" || name === "unsaved";
  }
  if (!ended) throw new Error("The stream ended early.");
}

function signedOut() {
  complain(`${words.signedOut} `);
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.target = "_blank";
  link.textContent = words.signedOutLink;
  wrong.append(link);
}

async function refused(response) {
  if (response.redirected) signedOut();
  else if (response.status === 422) complain(await response.text());
  else complain(words.unsent);
}

async function send(form, body, shown) {
  busy = true;
  again = [form, body, shown];
  complain("");
  lost.hidden = true;
  pending.querySelector(".words").textContent = shown;
  pending.hidden = form.dataset.turn === "retry";
  try {
    const response = await fetch("/chat/messages", {
      method: "POST",
      headers: { accept: "text/event-stream" },
      body: new URLSearchParams(body),
    });
    const streams = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (response.ok && streams) await follow(response, form, shown);
    else await refused(response);
  } catch {
    const reached = pending.hidden;
    if (reached || form !== composer) lost.hidden = false;
    else complain(words.unsent);
  } finally {
    pending.hidden = true;
    typing.hidden = true;
    busy = false;
    if (waiting && box.value.trim()) submitted(composer);
    waiting = false;
  }
}

function submitted(form, button) {
  if (busy) {
    waiting ||= form === composer && box.value.trim() !== again[2];
    return;
  }
  const body = new FormData(form);
  if (button?.name) body.set(button.name, button.value);
  const last = log.querySelector(".turn:last-of-type");
  if (last && form.dataset.turn !== "retry") body.set("seen", last.id.replace("turn-", ""));
  const text = String(body.get("text")).trim();
  if (form === composer && !text) {
    complain(words.empty);
    box.focus();
  } else if (form === composer && box.value.length > words.longest) {
    count();
    complain(left.textContent);
    box.focus();
  } else send(form, body, form === composer ? text : button?.textContent.trim() ?? text);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-turn]")) return;
  event.preventDefault();
  submitted(event.target, event.submitter);
});
box.addEventListener("input", count);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
lost.querySelector("button").addEventListener("click", () => busy || send(...again));

// The coach may need a moment after a start; the page works meanwhile.
async function poll() {
  const answer = await fetch("/readyz", { cache: "no-store" }).catch(() => null);
  if (answer?.status === 503) {
    warming.textContent = warming.dataset.warm;
    warming.hidden = false;
    setTimeout(poll, POLL_MS);
  } else if (!warming.hidden) warming.textContent = warming.dataset.ready;
}

for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith("draft:") && key !== draft) sessionStorage.removeItem(key);
}
box.value ||= sessionStorage.getItem(draft) ?? "";
count();
poll();
if (!location.hash && log.lastElementChild?.matches(".turn")) log.lastElementChild.scrollIntoView();
log.querySelector("form[data-resume]")?.requestSubmit();
