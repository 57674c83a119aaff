// Live updates: the server sends finished HTML, this module puts it in place.
// <main data-live="/live/overview"> … every element the server may replace has an id.
// event: replace   data: <section id="workers">…</section>   id: what the browser then has
// event: away      nothing can be read at the moment, so the lamp says so until
// event: back      it can
// event: resync    what she sees is no page of hers any more: ask for it, and go where that leads
// <main data-poll="2"> asks for the page every two seconds instead, until it no longer says so.
const page = document.querySelector("[data-live], [data-poll]");
const lamp = document.querySelector(".live");
const held = new Map();
let source;

// What she has begun to fill in is not taken away from her.
const busy = (node) =>
  node.querySelector("dialog[open], tbody :checked, form[data-touched]") ||
  (node.contains(document.activeElement) && document.activeElement.matches("input, select, textarea"));

// How to find again where she is: a link of a list has no id, but leads to one place.
const named = (node) =>
  node.id ? `#${CSS.escape(node.id)}` : node.matches("a[href]") && `a[href=${CSS.escape(node.getAttribute("href"))}]`;

function place(fresh) {
  const old = document.getElementById(fresh.id);
  held.delete(fresh.id);
  if (!old || old.isEqualNode(fresh)) return;
  if (busy(old)) return void held.set(fresh.id, fresh);
  const focus = old.contains(document.activeElement) && named(document.activeElement);
  for (const open of old.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  }
  // A bar keeps its node, so that it moves instead of jumping.
  for (const bar of old.querySelectorAll("progress[id]")) {
    const next = fresh.querySelector(`#${CSS.escape(bar.id)}`);
    if (next) next.replaceWith(Object.assign(bar, { max: next.max, value: next.value }));
  }
  old.replaceWith(fresh);
  if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
}

function read(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return [...box.content.children];
}

async function resync() {
  const reply = await fetch(page.dataset.from ?? location.href, { headers: { accept: "text/html" } });
  if (reply.redirected) return location.assign(reply.url);
  const next = new DOMParser().parseFromString(await reply.text(), "text/html");
  for (const fresh of next.querySelectorAll("main [data-part]")) place(fresh);
  return next;
}

async function poll() {
  let goes = true;
  if (!document.hidden) {
    try {
      goes = (await resync())?.querySelector("[data-poll]") != null;
      say("open");
    } catch { say("lost"); }
  }
  if (goes) setTimeout(poll, page.dataset.poll * 1000);
}

function say(link) {
  if (!lamp) return;
  lamp.dataset.link = link;
  lamp.textContent = lamp.dataset[link] ?? link;
}

function open() {
  source?.close();
  source = new EventSource(page.dataset.live);
  source.onopen = () => say("open");
  source.onerror = () => {
    say("lost");
    if (source.readyState === EventSource.CLOSED) again(source);
  };
  source.addEventListener("replace", (event) => read(event.data).forEach(place));
  source.addEventListener("away", () => say("lost"));
  source.addEventListener("back", () => say("open"));
  source.addEventListener("resync", () => resync().catch(() => say("lost")));
}

// A refused stream is not tried again by the browser itself. Meanwhile the page is asked for.
function again(refused) {
  setTimeout(() => {
    if (source === refused && !document.hidden) resync().catch(() => say("lost")).finally(open);
  }, 5000 + Math.random() * 5000);
}

function settle() {
  for (const [id, fresh] of held) {
    const old = document.getElementById(id);
    if (!old || !busy(old)) held.delete(id), place(fresh);
  }
}

document.addEventListener("input", ({ target }) => { if (target.form) target.form.dataset.touched = "yes"; });
document.addEventListener("focusout", () => setTimeout(settle));
document.addEventListener("change", settle);
if (page?.dataset.poll) setTimeout(poll, page.dataset.poll * 1000);
if (page?.dataset.live) {
  open();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source.close(), say("paused");
    else resync().catch(() => say("lost")).finally(open);
  });
}
