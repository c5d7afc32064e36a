// Staff pages: a form is sent once, a file is not too large, a running job is watched.
const EVERY_MS = 1500;

for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

for (const input of document.querySelectorAll("input[data-largest]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((one) => one.size > Number(input.dataset.largest));
    input.setCustomValidity(large ? input.dataset.tooLarge : "");
    if (large) input.reportValidity();
  });
}

async function look() {
  const state = document.querySelector("#state[data-running]");
  if (!state) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("#state[data-running]");
    if (answer.redirected || !now) {
      location.replace(answer.url);
      return;
    }
    if (now.innerHTML !== state.innerHTML) state.replaceChildren(...now.childNodes);
  } catch {
    // The line is away for a moment; the next look tells.
  }
  setTimeout(look, EVERY_MS);
}
setTimeout(look, EVERY_MS);

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
