// Reading a document: from hit to hit, and from a value to the words it rests on.

let at = -1;

function places() {
  return [...document.querySelectorAll("[data-hit]")];
}

export function reading() {
  back();
  evidence();
  addEventListener("hashchange", evidence);
  const bar = document.querySelector(".hitbar");
  if (!bar) return;
  const before = document.getElementById("hit-before");
  const after = document.getElementById("hit-after");
  after.before(before);
  for (const [link, sign, name, by] of [
    [before, "‹", "上一处", -1],
    [after, "›", "下一处", 1],
  ]) {
    link.textContent = sign;
    link.setAttribute("aria-label", name);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      step(by);
    });
  }
  reached();
  addEventListener("hashchange", reached);
}

// The way back to the very results the reader came from.
function back() {
  const link = document.getElementById("back");
  const from = document.referrer && new URL(document.referrer);
  if (!link || !from || from.origin !== location.origin || from.pathname !== "/search") return;
  link.href = from.href;
  link.textContent = "‹ 回到检索结果";
}

// Shows all of the words that the address points at, wherever marks cut them.
function evidence() {
  for (const old of document.querySelectorAll(".evidence.is-shown")) old.classList.remove("is-shown");
  const number = /^#(e\d+)$/.exec(location.hash)?.[1];
  if (!number) return;
  for (const part of document.querySelectorAll(`[data-evidence~="${number}"]`)) part.classList.add("is-shown");
}

function reached() {
  const number = places().findIndex((hit) => "#" + hit.id === location.hash);
  if (number >= 0) go(number, false);
}

// Goes to the next or previous hit from where the reader is, from the last to the first again.
export function step(by) {
  const all = places();
  if (!all.length) return false;
  go(from(all, by), true);
  return true;
}

function from(all, by) {
  const box = all[at]?.getBoundingClientRect();
  const inSight = box && box.bottom > 0 && box.top < innerHeight;
  if (inSight) return (at + by + all.length) % all.length;
  const middle = innerHeight / 2;
  const below = all.findIndex((hit) => hit.getBoundingClientRect().top > middle);
  if (by > 0) return Math.max(below, 0);
  return ((below < 0 ? all.length : below) - 1 + all.length) % all.length;
}

function go(number, move) {
  const all = places();
  all[at]?.classList.remove("is-current");
  at = number;
  const hit = all[at];
  hit.classList.add("is-current");
  document.getElementById("hit-count").textContent = `第 ${at + 1}/${all.length} 处`;
  if (!move) return;
  history.replaceState(history.state, "", "#" + hit.id);
  hit.focus({ preventScroll: true });
  hit.scrollIntoView({ block: "center" });
  document.getElementById("announce").textContent = `第 ${at + 1} 处，共 ${all.length} 处`;
}
