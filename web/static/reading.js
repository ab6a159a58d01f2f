// Walks through the hits of a document and keeps their number in the bar below.

let at = -1;

function places() {
  return [...document.querySelectorAll("[data-hit]")];
}

export function reading() {
  const bar = document.querySelector(".hitbar");
  if (!bar) return;
  const begun = places().findIndex((hit) => "#" + hit.id === location.hash);
  if (begun >= 0) go(begun, false);
  document.getElementById("hit-before").addEventListener("click", (event) => walk(event, -1));
  document.getElementById("hit-after").addEventListener("click", (event) => walk(event, 1));
  addEventListener("hashchange", () => {
    const reached = places().findIndex((hit) => "#" + hit.id === location.hash);
    if (reached >= 0) go(reached, false);
  });
}

function walk(event, by) {
  event.preventDefault();
  step(by);
}

// Goes to the next or previous hit, from the last to the first again.
export function step(by) {
  const all = places();
  if (!all.length) return false;
  go(at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length, true);
  return true;
}

function go(number, move) {
  const all = places();
  all[at]?.classList.remove("is-current");
  at = number;
  const hit = all[at];
  hit.classList.add("is-current");
  document.getElementById("hit-count").textContent = `第 ${at + 1}/${all.length} 处`;
  if (!move) return;
  history.replaceState(null, "", "#" + hit.id);
  hit.focus({ preventScroll: true });
  hit.scrollIntoView({ block: "center" });
  document.getElementById("announce").textContent = `第 ${at + 1} 处，共 ${all.length} 处`;
}
