// The basket of this browser: passages with their notes, kept in its storage and nowhere else. A button
// or a key puts a passage in or takes it out again; every open page follows. Where the browser keeps
// nothing, the buttons do what they do without script.
import { say } from "./copying.js";

const KEY = "duibiao.basket";
const ID = /^[0-9a-f]{16}-m[1-9]\d*$/;
// As many, and as much written beside them, as the server takes.
export const MOST = 100;
export const MOST_NOTES = 5000;

// What was taken out since the page was opened, so that it comes back with its note.
const taken = new Map();

// What is kept; null where nothing can be.
export function read() {
  let text;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    return null;
  }
  try {
    const kept = JSON.parse(text ?? "[]");
    const known = new Set();
    const isPassage = (one) => ID.test(one?.id) && !known.has(one.id) && known.add(one.id);
    return kept.filter(isPassage).map(({ id, note }) => ({ id, note: typeof note === "string" ? note : "" }));
  } catch {
    return [];
  }
}

// Keeps a list, and shows everywhere that it is kept; whether that was possible.
export function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    return false;
  }
  mark();
  return true;
}

// The query that has a list: each passage, and the notes in the same order.
export function query(list) {
  const notes = list.map(({ note }) => note);
  while (notes.length && !notes.at(-1)) notes.pop();
  const pairs = [...list.map(({ id }) => ["id", id]), ...notes.map((note) => ["note", note])];
  return new URLSearchParams(pairs).toString();
}

// The page of a list.
export function address(list) {
  return "/basket" + (list.length ? "?" + query(list) : "");
}

// Shows what is in the basket on every button, and how much in the bar on top.
export function mark() {
  const list = read();
  if (!list) return;
  const ids = new Set(list.map(({ id }) => id));
  for (const button of document.querySelectorAll("[data-pin]")) {
    button.setAttribute("aria-pressed", String(ids.has(button.value)));
  }
  document.getElementById("basket").href = address(list);
  const count = document.getElementById("basket-count");
  count.textContent = " " + list.length;
  count.hidden = !list.length;
  // Links to these very passages lead to them with their notes.
  for (const link of document.querySelectorAll("a[data-own-basket]")) {
    const own = new URL(link.href).searchParams.getAll("id");
    if (own.length === list.length && own.every((id) => ids.has(id))) link.href = address(list);
  }
}

export function basket() {
  if (!read()) return;
  mark();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pin]");
    if (!button) return;
    event.preventDefault();
    toggle(button);
  });
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) mark();
  });
  // Come back to, a page may be as it was left.
  addEventListener("pageshow", mark);
}

// Puts the passage of a button in, or takes it out.
export function toggle(button) {
  const list = read();
  const place = button.closest(".hit, .passage");
  if (!list) return;
  const at = list.findIndex(({ id }) => id === button.value);
  if (at < 0 && list.length >= MOST) {
    say(place, "放不下", `对标篮已满 ${MOST} 段，请先移出一些`);
    return;
  }
  if (at >= 0) taken.set(button.value, list.splice(at, 1)[0].note);
  else list.push({ id: button.value, note: taken.get(button.value) ?? "" });
  // Those who see it see it on the button.
  if (!write(list)) say(place, "未能记住", "未能记住，浏览器不让保存");
  else if (at >= 0) say(null, "", `已取出，对标篮还有 ${list.length} 段`);
  else say(null, "", `已放入对标篮，共 ${list.length} 段`);
}
