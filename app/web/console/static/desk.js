// Comforts. Every page works without this module.
const one = (query) => document.querySelector(query);
const all = (query) => [...document.querySelectorAll(query)];

// A theme is kept at once; without this module the button beside it does so.
document.addEventListener("change", ({ target }) => {
  if (target.name === "theme") {
    const body = new URLSearchParams(new FormData(target.form));
    fetch(target.form.action, { method: "POST", body, redirect: "manual" });
    all('[name="theme"]').forEach((radio) => { radio.checked = radio.value === target.value; });
  }
  if (target.matches("[data-check-all]")) {
    all(`[name="${target.dataset.checkAll}"]`).forEach((box) => { box.checked = target.checked; });
  }
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const source = one(button.dataset.copy);
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 1500);
  } catch {
    getSelection().selectAllChildren(source); // no clipboard on plain http: she presses Ctrl+C
  }
});

// A form is sent once, however often its button is pressed; but for one whose answer is a file.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  if (event.target.method === "post" && !event.target.matches("[data-file]")) event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => all("[data-sent]").forEach((form) => { delete form.dataset.sent; }));

// A question to the server while she fills in a form: the answer is put where `data-ask-into` says.
let asked;
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.ask) return;
  clearTimeout(asked);
  asked = setTimeout(async () => {
    const into = one(target.dataset.askInto);
    const body = new URLSearchParams(new FormData(target.form));
    into.setAttribute("aria-busy", "true");
    const reply = await fetch(target.dataset.ask, { method: "POST", body }).catch(() => null);
    into.removeAttribute("aria-busy");
    into.innerHTML = reply?.headers.get("content-type")?.startsWith("text/html") && reply.ok ? await reply.text() : "";
    // What was said of another text before is void: she may have mended it.
    target.setAttribute("aria-invalid", into.querySelector(".note.t-fail") !== null);
  }, 400);
});

const rows = () => all(".list tbody tr:not(.group)");
function step(by) {
  const list = rows();
  const at = list.findIndex((row) => row.contains(document.activeElement));
  list[Math.max(0, Math.min(list.length - 1, at + by))]?.querySelector(".title a")?.focus();
}
const keys = {
  "/": () => one(".filter input")?.focus(),
  "?": () => one("#keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest("tr")?.querySelector('[type="checkbox"]')?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.target.matches('input:not([type="checkbox"], [type="radio"]), select, textarea')) return;
  const link = /^[a-z]$/.test(event.key) && one(`.nav [data-key="${event.key}"]`);
  const act = keys[event.key] ?? (link ? () => link.click() : undefined);
  if (act) { event.preventDefault(); act(); }
});
