// Changes the search page in place: a facet, the order, a chip or another page is one request
// for the page itself, of which the two columns are taken. Where anything fails, the browser
// goes there as it would without this.
import { mark } from "./basket.js";
import { folding } from "./folding.js";
import { close, hold, isFull, settle } from "./filtering.js";

const form = document.getElementById("search");
// The address of what is on the screen as it was asked for, and of what is on its way.
let shown = location.href;
let wanted = null;
let running = null;

export function live() {
  if (!document.getElementById("page")) return;
  document.addEventListener("change", (event) => {
    if (event.target.form !== form || event.target.id === "q") return;
    settle(event.target);
    if (!isFull()) go(address(), event.target.id);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    const box = button?.closest(".option")?.querySelector("input");
    if (box) {
      // Left out and chosen at once is left out.
      box.checked = false;
      for (const below of box.closest("li").querySelectorAll(":scope > .below input:checked")) below.checked = false;
    }
    go(address(button), box?.id ?? "");
    if (!box && isFull()) close();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "range") return;
    event.preventDefault();
    go(range(event.target), document.activeElement?.id ?? "");
    if (isFull()) close();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-live]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // Of a link in a drawing, `href` is no text.
    go(new URL(link.getAttribute("href"), location.href).href, "", link.dataset.live === "top");
  });
  addEventListener("popstate", (event) => {
    // A jump inside the page is none of ours.
    if (page(location.href) === page(shown)) return;
    show(location.href, "", false).then((done) => {
      if (done) scrollTo(0, event.state?.scroll ?? 0);
    });
  });
}

function page(address) {
  const url = new URL(address);
  return url.pathname + url.search;
}

// The address the form would go to, without empty fields and without the order that is the
// default; an empty value of a facet is "unknown" and stays.
function address(button) {
  const data = new URLSearchParams(new FormData(form, button?.name ? button : null));
  if (!data.get("q")) data.delete("q");
  const sort = document.getElementById("sort");
  if (sort && sort.selectedIndex === 0) data.delete("sort");
  const query = data.toString();
  return form.action + (query ? "?" + query : "");
}

// The address that the form for a range of years stands for.
function range(asked) {
  const data = new URLSearchParams(new FormData(asked));
  const [from, to] = ["from", "to"].map((name) => data.get(name).trim());
  data.delete("from");
  data.delete("to");
  const [first, last] = from && to && from > to ? [to, from] : [from, to];
  if (first || last) data.append("year", first === last ? first : first + ".." + last);
  return form.action + "?" + data;
}

// The address of what is on the screen as its own links and fields write it: a city may have been
// asked for by another name.
function canonical() {
  return new URL(document.getElementById("page").dataset.address, location.href).href;
}

// A second change made before the first has come is made to what was wanted, not to what is still
// on the screen.
function rebased(target) {
  if (!wanted) return target;
  const pairs = (address) => [...new URL(address).searchParams].map((pair) => pair.join("="));
  const before = new Set(pairs(canonical()));
  const after = new Set(pairs(target));
  const url = new URL(wanted);
  const kept = [...url.searchParams].filter((pair) => after.has(pair.join("=")) || !before.has(pair.join("=")));
  const known = new Set(kept.map((pair) => pair.join("=")));
  const added = [...new URL(target).searchParams].filter(
    (pair) => !before.has(pair.join("=")) && !known.has(pair.join("=")),
  );
  url.search = new URLSearchParams([...kept, ...added]).toString();
  return url.href;
}

async function go(target, focus, toTop) {
  const url = rebased(target);
  history.replaceState({ scroll: scrollY }, "");
  // Where one was sent on to is the address of what is shown.
  if (await show(url, focus, toTop)) history.pushState({ scroll: 0 }, "", shown);
}

async function show(url, focus, toTop) {
  running?.abort();
  const own = (running = new AbortController());
  wanted = url;
  const waiting = setTimeout(() => document.getElementById("main").classList.add("is-waiting"), 300);
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal: own.signal });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const columns = next.getElementById("page");
    if (!response.ok || !columns) throw new Error("another page");
    replace(columns, next);
    shown = response.redirected ? response.url : url;
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    else if (toTop) document.getElementById("main").focus();
    if (toTop) scrollTo(0, 0);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
    return false;
  } finally {
    clearTimeout(waiting);
    if (running === own) {
      wanted = null;
      document.getElementById("main")?.classList.remove("is-waiting");
    }
  }
}

function replace(columns, next) {
  const old = document.getElementById("page");
  folding(columns);
  for (const details of old.querySelectorAll("details[id], .filters")) {
    const same = details.id ? columns.querySelector("#" + CSS.escape(details.id)) : columns.querySelector(".filters");
    // What was opened stays open; what holds something new that is chosen opens.
    if (same) same.open ||= details.open;
  }
  const scrolled = old.querySelector(".filter-body").scrollTop;
  old.replaceWith(columns);
  columns.querySelector(".filter-body").scrollTop = scrolled;
  hold();
  mark();
  document.title = next.title;
  const feed = "link[type='application/atom+xml']";
  document.querySelector(feed)?.replaceWith(...next.querySelectorAll(feed));
  const box = document.getElementById("q");
  if (document.activeElement !== box) box.value = next.getElementById("q").value;
  for (const kept of form.querySelectorAll("input[type=hidden]")) kept.remove();
  form.append(...next.querySelectorAll("#search input[type=hidden]"));
  document.getElementById("announce").textContent = document.getElementById("summary").textContent;
}
