// The filters: what a choice in a tree takes back, and the view that fills a phone.

const PHONE = "(max-width: 760px)";

// Whether the filters fill the screen: then nothing is sent before 应用 is pressed.
export function isFull() {
  return matchMedia(PHONE).matches && Boolean(document.querySelector(".filters")?.open);
}

// What is chosen last is what is meant: a place takes back the larger ones it lies in, and those that
// lie in it. What is left out in a larger place stays left out.
export function settle(box) {
  const item = box.closest("li");
  if (!box.checked || !item) return;
  for (let above = item.parentElement.closest("li"); above; above = above.parentElement.closest("li")) {
    above.querySelector(":scope > .option input").checked = false;
  }
  for (const below of item.querySelectorAll(":scope > .below input:checked")) {
    if (!below.value.startsWith("-")) below.checked = false;
  }
}

export function filtering() {
  // While the filters fill the screen the keyboard stays in them.
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.(".filters")) hold();
    },
    true,
  );
  matchMedia(PHONE).addEventListener("change", hold);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isFull() && !event.defaultPrevented) close();
  });
}

export function close() {
  const filters = document.querySelector(".filters");
  filters.open = false;
  filters.querySelector("summary").focus();
}

// Makes everything but the filters unreachable, or reachable again.
export function hold() {
  const facets = document.getElementById("facets");
  if (!facets) return;
  const full = isFull();
  for (let kept = facets; kept !== document.body; kept = kept.parentElement) {
    for (const other of kept.parentElement.children) {
      if (other !== kept && other.id !== "announce") other.inert = full;
    }
  }
}
