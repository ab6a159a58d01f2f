// The page of the basket: what is done there is asked of the server, which shows the passages after it,
// and kept when they are this browser's own. A link that someone sent stays as it was sent, until its
// passages are taken over.
import { MOST, MOST_NOTES, address, query, read, write } from "./basket.js";

let own = false;
let running = null;
let waiting = 0;

export function arranging() {
  if (!page() || !read()) return;
  begin();
  document.addEventListener("submit", (event) => {
    // Its `id` is one of its fields.
    if (!event.target.matches("#arrange")) return;
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(event.target, event.submitter));
    go("/basket?" + asked, event.submitter?.id ?? "");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-basket-go]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.href, "main");
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("#arrange textarea")) return;
    fit(event.target);
    clearTimeout(waiting);
    waiting = setTimeout(noted, 250);
  });
  addEventListener("pagehide", () => waiting && noted());
  // Another tab changed the basket, or this page was left and is come back to.
  addEventListener("storage", follow);
  addEventListener("pageshow", (event) => event.persisted && follow());
}

function page() {
  return document.querySelector("main.basket");
}

// The passages on the page with what is written beside them.
function list() {
  const items = [...document.querySelectorAll("#arrange .pinned > li")];
  return items.map((item) => ({
    id: item.dataset.passage,
    note: item.querySelector("textarea").value,
  }));
}

function isSame(one, other) {
  return query(one) === query(other);
}

// Whose passages these are: without any the browser's own are asked for.
function begin() {
  const kept = read();
  const here = list();
  const isBare = !here.length && !document.getElementById("basket-done");
  if (kept.length && (isBare || (history.state?.own && !isSame(here, kept)))) {
    location.replace(address(kept));
    return;
  }
  own = isSame(here, kept);
  history.replaceState({ own }, "", page().dataset.address);
  if (!own) offer(here, kept);
}

function follow() {
  const kept = read();
  if (own && kept && !isSame(list(), kept)) go(address(kept), "");
}

// The page after something was done; the focus stays with what did it.
async function go(url, focus) {
  clearTimeout(waiting);
  running?.abort();
  const asking = (running = new AbortController());
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal: asking.signal });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = next.querySelector("main.basket");
    if (!response.ok || !main) throw new Error("another page");
    page().replaceWith(main);
    document.title = next.title;
    history.replaceState({ own }, "", main.dataset.address);
    if (own) write(list());
    else offer(list(), read() ?? []);
    refocus(focus);
    tell(main.querySelector(".summary").textContent);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function refocus(id) {
  if (!id) return;
  const [what, passage] = [id.replace(/-.*/, ""), id.replace(/^[a-z]+-/, "")];
  const other = { up: `down-${passage}`, down: `up-${passage}`, out: "basket-undo", basket: "basket-undo" }[what];
  const places = [id, other, what === "add" ? "add-q" : "", "main"];
  places.map((place) => document.getElementById(place)).find(Boolean)?.focus();
}

function tell(text) {
  document.getElementById("announce").textContent = text.replace(/\s+/g, " ").trim();
}

// Notes are cut to what an address has room for.
function fit(field) {
  const all = list().reduce((sum, { note }) => sum + note.length, 0);
  if (all <= MOST_NOTES) return;
  field.value = field.value.slice(0, Math.max(0, field.value.length - (all - MOST_NOTES)));
  tell(`全部备注合计最多 ${MOST_NOTES} 字`);
}

// Keeps what was written, in the address and for the files that have it.
function noted() {
  waiting = 0;
  const here = list();
  const rest = new URL(page().dataset.address, location.href).searchParams;
  rest.delete("id");
  rest.delete("note");
  const all = [query(here), rest.toString()].filter(Boolean).join("&");
  page().dataset.address = "/basket" + (all ? "?" + all : "");
  history.replaceState({ own }, "", page().dataset.address);
  for (const link of document.querySelectorAll("a[data-file]")) link.search = all;
  if (own) write(here);
}

// Says that these passages came with a link, and offers to take them over.
function offer(here, kept) {
  const place = document.getElementById("basket-own");
  if (!here.length) return;
  const added = here.filter(({ id }) => !kept.some((one) => one.id === id));
  const joined = [...kept, ...added];
  const said = kept.length
    ? `这一篮来自链接，与本浏览器的对标篮（${kept.length} 段）不同；在这里排序、写备注，只改本页地址。`
    : "这一篮来自链接，本浏览器的对标篮还是空的；在这里排序、写备注，只改本页地址。";
  place.replaceChildren(line(said));
  const ways = document.createElement("p");
  if (kept.length) ways.append(way(`并入我的对标篮（共 ${joined.length} 段）`, "basket-join", () => take(joined)));
  const label = kept.length ? "换成这一篮" : "收为我的对标篮";
  ways.append(way(label, "basket-take", () => take(here, kept)));
  if (kept.length) {
    const link = document.createElement("a");
    link.href = address(kept);
    link.textContent = "看我的对标篮";
    ways.append(link);
  }
  place.append(ways);
  place.hidden = false;
}

// Makes passages the browser's own; those that were can be put back.
async function take(passages, before) {
  const notes = passages.reduce((sum, { note }) => sum + note.length, 0);
  if (passages.length > MOST || notes > MOST_NOTES) {
    const said = `放不下：合起来 ${passages.length} 段，最多 ${MOST} 段、备注 ${MOST_NOTES} 字`;
    document.getElementById("basket-own").prepend(line(said));
    tell(said);
    return;
  }
  if (!write(passages)) return;
  own = true;
  await go(address(passages), "main");
  if (!before?.length) return;
  const place = document.getElementById("basket-own");
  place.replaceChildren(line(`已换成这一篮，原来的 ${before.length} 段可以换回。`));
  place.append(way("换回原来的", "basket-back", () => take(before)));
  place.hidden = false;
}

function line(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

function way(label, id, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.id = id;
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}
