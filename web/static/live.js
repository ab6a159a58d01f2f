// Changes the search page in place: a facet, the order, a chip or another page is one request
// for the page itself, of which the two columns are taken. Where anything fails, the browser
// goes there as it would without this.

const form = document.getElementById("search");
let running = null;

export function live() {
  const page = document.getElementById("page");
  if (!page) return;
  document.addEventListener("change", (event) => {
    if (event.target.form === form && event.target.id !== "q") go(address(), event.target.id);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(address(), "");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-live]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.href, "", link.dataset.live === "top");
  });
  addEventListener("popstate", () => show(location.href, "", false));
}

// The address the form would go to, without empty fields and without the order that is the
// default; an empty value of a facet is "unknown" and stays.
function address() {
  const data = new URLSearchParams(new FormData(form));
  if (!data.get("q")) data.delete("q");
  const sort = document.getElementById("sort");
  if (sort && sort.selectedIndex === 0) data.delete("sort");
  const query = data.toString();
  return form.action + (query ? "?" + query : "");
}

async function go(url, focus, toTop) {
  if (await show(url, focus, toTop)) history.pushState(null, "", url);
}

async function show(url, focus, toTop) {
  running?.abort();
  const own = (running = new AbortController());
  const waiting = setTimeout(() => document.getElementById("main").classList.add("is-waiting"), 300);
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal: own.signal });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const page = next.getElementById("page");
    if (!response.ok || !page) throw new Error("another page");
    replace(page, next);
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    else if (toTop) document.getElementById("main").focus();
    if (toTop) scrollTo(0, 0);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
    return false;
  } finally {
    clearTimeout(waiting);
    document.getElementById("main")?.classList.remove("is-waiting");
  }
}

function replace(page, next) {
  const old = document.getElementById("page");
  for (const details of old.querySelectorAll("details[id], .filters")) {
    const same = details.id ? page.querySelector("#" + CSS.escape(details.id)) : page.querySelector(".filters");
    if (same) same.open = details.open;
  }
  old.replaceWith(page);
  document.title = next.title;
  const box = document.getElementById("q");
  if (document.activeElement !== box) box.value = next.getElementById("q").value;
  for (const kept of form.querySelectorAll("input[type=hidden]")) kept.remove();
  form.append(...next.querySelectorAll("#search input[type=hidden]"));
  document.getElementById("announce").textContent = document.getElementById("summary").textContent;
}
