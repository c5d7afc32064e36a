// Finds an entry's code by its title and puts it into a field of the catalog form.
const WAIT_MS = 200;

function add(field, code, join) {
  const text = field.value.trim();
  const known = text.split(/[;&|()\s]+/).includes(code);
  if (!known) field.value = text ? `${text}${join}${code}` : code;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

for (const box of document.querySelectorAll("[data-find]")) {
  const field = document.getElementById(box.dataset.into);
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = box.dataset.label;
  input.setAttribute("aria-label", `${box.dataset.label}: ${field.labels[0].textContent.trim()}`);
  const list = document.createElement("div");
  list.className = "found";
  list.setAttribute("role", "status");
  box.append(input, list);
  let timer = 0;
  let asked = 0;
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Escape") list.replaceChildren();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const now = ++asked;
      if (input.value.trim().length < 2) {
        list.replaceChildren();
        return;
      }
      const address = `/catalog/codes?kind=${box.dataset.find}&q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(address).catch(() => null);
      if (!answer?.ok || now !== asked) return;
      const found = await answer.json();
      list.replaceChildren(...found.map(({ code, title }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "second";
        button.textContent = `${title} (${code})`;
        button.addEventListener("click", () => {
          add(field, code, box.dataset.join);
          input.value = "";
          list.replaceChildren();
        });
        return button;
      }));
      if (!found.length) list.textContent = box.dataset.none;
    }, WAIT_MS);
  });
}

// Enter in a search of the prerequisites presses the button beside it.
for (const input of document.querySelectorAll("[data-enter]")) {
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    document.getElementById(input.dataset.enter).click();
  });
}
