// Editing in place: choose a cell, type, Enter. Without this module the form above the sheet does the same.
const main = document.querySelector("main");

const cellAt = (node) => (node instanceof Element ? node.closest("td[data-at]") : null);
const shown = (cell) => cell.dataset.typed ?? cell.querySelector(".text")?.textContent ?? "";
const bar = () => main.querySelector("form.edit");

/** Show the chosen cell in the form, so that both ways of editing mean the same cell. */
function choose(cell) {
  main.querySelectorAll('td[data-at][tabindex="-1"]').forEach((old) => old.removeAttribute("tabindex"));
  if (!cell.hasAttribute("tabindex")) cell.tabIndex = -1;
  cell.focus({ preventScroll: false });
  const form = bar();
  form.elements.at.value = cell.dataset.at;
  form.elements.text.value = shown(cell);
  const [letters, row] = cell.dataset.at.match(/^([A-Z]+)(\d+)$/).slice(1);
  main.querySelectorAll('[name="column"]').forEach((field) => { field.value = letters; });
  main.querySelectorAll('input[name="row"]').forEach((field) => { field.value = row; });
}

function open(cell, text) {
  const input = document.createElement("input");
  input.value = text;
  input.setAttribute("aria-label", cell.dataset.at);
  const before = [...cell.childNodes];
  let done = false;
  const close = (save) => {
    if (done) return;
    done = true;
    const value = input.value;
    cell.replaceChildren(...before);
    if (save && value !== shown(cell)) send(new FormData(bar()), { at: cell.dataset.at, text: value });
    else cell.focus();
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") close(true);
    if (event.key === "Escape") close(false);
  });
  input.addEventListener("blur", () => close(true));
  cell.replaceChildren(input);
  input.focus();
}

/** Post a form and put the answered page in place, keeping scroll and the chosen cell. */
async function send(data, extra = {}) {
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  data.set("from", new URLSearchParams(location.search).get("from") ?? "0");
  const answer = await fetch(bar().action, { method: "POST", body: new URLSearchParams(data) });
  if (new URL(answer.url).pathname === "/sheets") { location.assign("/sheets"); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const region = main.querySelector(".scroll");
  const place = [region.scrollLeft, region.scrollTop];
  const opened = main.querySelector("details")?.open;
  const look = document.querySelector("#look");
  const fresh = page.querySelector("#look");
  if (fresh && fresh.getAttribute("href") !== look.getAttribute("href")) look.href = fresh.getAttribute("href");
  main.replaceChildren(...page.querySelector("main").childNodes);
  if (opened) main.querySelector("details").open = true;
  main.querySelector(".scroll").scrollTo(...place);
  const cell = main.querySelector(`td[data-at="${CSS.escape(extra.at ?? data.get("at") ?? "")}"]`);
  if (cell) choose(cell);
}

const neighbour = (cell, key) => {
  const row = cell.parentElement;
  const at = [...row.cells].indexOf(cell);
  if (key === "ArrowLeft") return cellAt(cell.previousElementSibling);
  if (key === "ArrowRight" || key === "Tab") return cellAt(cell.nextElementSibling);
  const line = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  return line ? cellAt(line.cells[Math.min(at, line.cells.length - 1)]) : null;
};

main.addEventListener("click", (event) => {
  const cell = cellAt(event.target);
  if (!cell || event.target instanceof HTMLInputElement) return;
  if (cell === document.activeElement && cell.dataset.chosen) open(cell, shown(cell));
  else {
    main.querySelectorAll("td[data-chosen]").forEach((old) => delete old.dataset.chosen);
    cell.dataset.chosen = "yes";
    choose(cell);
  }
});

main.addEventListener("dblclick", (event) => {
  const cell = cellAt(event.target);
  if (cell && !(event.target instanceof HTMLInputElement)) open(cell, shown(cell));
});

main.addEventListener("keydown", (event) => {
  const cell = cellAt(event.target);
  if (!cell || event.target !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    const next = neighbour(cell, event.key);
    if (next) { event.preventDefault(); choose(next); }
  } else if (event.key === "Enter" || event.key === "F2") open(cell, shown(cell));
  else if (event.key === "Delete") send(new FormData(bar()), { at: cell.dataset.at, text: "" });
  else if (event.key.length === 1) { event.preventDefault(); open(cell, event.key); }
});

main.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action")?.endsWith("/do") !== true) return;
  event.preventDefault();
  send(new FormData(form, event.submitter));
});
