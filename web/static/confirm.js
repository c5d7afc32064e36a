// Opens a mentor's link. Its secret stands after "#", which a browser sends to nobody: it is
// taken out of the address and sent on in a form. Without scripts, people paste the link.
const form = document.getElementById("open");

function open() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.link.value = secret;
  form.requestSubmit();
}

addEventListener("hashchange", open);
open();
