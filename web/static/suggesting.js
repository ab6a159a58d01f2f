// Suggestions below the query box, as a combobox of the ARIA practices (list autocomplete with manual
// selection): the box keeps the focus, the arrows move through the list, Enter takes what is chosen
// and searches, Esc closes. Nothing happens while an input method composes. Choosing submits the
// form, as pressing its button would.

const WAIT = 120;
const MOST = 8;
const KINDS = {
  theme: "主题",
  place: "地名",
  institution: "机构",
  title: "标题",
  heading: "小标题",
};

const form = document.getElementById("search");
const box = document.getElementById("q");
const list = document.createElement("ul");
// What was typed, which comes back when nothing of the list is chosen any more.
let typed = "";
let chosen = -1;
let waiting = 0;
let running = null;

export function suggesting() {
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "检索建议");
  box.after(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  box.addEventListener("compositionstart", close);
  box.addEventListener("compositionend", later);
  box.addEventListener("keydown", press);
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The box would lose the focus before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    box.value = option.dataset.query;
    form.requestSubmit();
  });
}

function later() {
  clearTimeout(waiting);
  running?.abort();
  if (!box.value.trim()) return close();
  waiting = setTimeout(ask, WAIT);
}

// The filters of the form are part of what is asked, so that counts are those of the search.
function address() {
  const asked = new URLSearchParams(new FormData(form));
  for (const name of [...asked.keys()]) {
    if (["sort", "limit", "offset", "cursor", "match", "collapse", "related", "explain", "citation"].includes(name)) asked.delete(name);
  }
  asked.set("limit", MOST);
  return "/api/v1/suggest?" + asked;
}

async function ask() {
  const own = (running = new AbortController());
  const value = box.value;
  try {
    const response = await fetch(address(), { signal: own.signal });
    if (!response.ok) return close();
    const { suggestions } = await response.json();
    if (own.signal.aborted || box.value !== value || document.activeElement !== box) return;
    show(suggestions, value);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function show(suggestions, value) {
  typed = value;
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
  const unit = new FormData(form).get("unit") === "document" ? "份" : "条";
  list.replaceChildren(...suggestions.map((suggestion, number) => option(suggestion, number, unit)));
  open(suggestions.length > 0);
  if (suggestions.length) document.getElementById("announce").textContent = suggestions.length + " 条检索建议";
}

function option({ query, term, kind, way, count }, number, unit) {
  const item = document.createElement("li");
  item.id = "suggestion-" + number;
  item.dataset.query = query;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const words = part("word", query);
  if (query !== term) {
    words.textContent = query.slice(0, query.length - term.length);
    words.append(part("term", term));
  }
  item.append(words);
  const about = [KINDS[kind], way === "homophone" ? "同音" : way === "shape" ? "形近" : ""].filter(Boolean).join("，");
  if (about) item.append(" ", part("kind", about));
  item.append(" ", part("count", count + " " + unit));
  return item;
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function press(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const last = list.children.length - 1;
  const steps = { ArrowDown: chosen < last ? chosen + 1 : -1, ArrowUp: chosen < 0 ? last : chosen - 1 };
  if (event.key in steps && !list.hidden) choose(steps[event.key]);
  else if (event.key === "ArrowDown" && box.value.trim()) ask();
  else if (event.key === "Escape" && !list.hidden) {
    if (chosen >= 0) box.value = typed;
    close();
  } else return;
  event.preventDefault();
}

function choose(number) {
  for (const [at, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(at === number));
  chosen = number;
  const item = list.children[number];
  box.value = item ? item.dataset.query : typed;
  if (item) {
    box.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

function open(is) {
  list.hidden = !is;
  box.setAttribute("aria-expanded", String(is));
}

function close() {
  clearTimeout(waiting);
  running?.abort();
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
  open(false);
}
