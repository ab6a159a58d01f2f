// The search box of a long list of values: hides the values that do not hold what is typed. In a tree
// what lies in a value that does is shown with it, and so is what it lies in.

export function pickers() {
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    const facet = event.target.closest("[data-facet]");
    const lists = [...facet.querySelectorAll(":scope > .values, :scope > .more > .values")];
    const found = lists.map((list) => narrow(list, wanted, false));
    const more = facet.querySelector(":scope > .more");
    if (more) unfold(more, wanted && found.at(-1));
    facet.querySelector(".none").hidden = !wanted || found.some(Boolean);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
  });
}

// Whether anything of a list holds what is wanted; `above` if what the list lies in does.
function narrow(list, wanted, above) {
  let any = false;
  for (const item of list.children) {
    const label = item.querySelector(".option label").textContent.toLowerCase();
    const holds = !wanted || label.includes(wanted);
    const below = item.querySelector(":scope > .below");
    const inside = below ? narrow(below.querySelector("ul"), wanted, above || holds) : false;
    const isChosen = item.querySelector(".option input").checked;
    item.hidden = !(holds || inside || above || isChosen);
    if (below) unfold(below, wanted && inside);
    any ||= holds || inside;
  }
  return any;
}

// Opens what holds something that is wanted, and puts it back as it was when nothing is.
function unfold(details, opens) {
  if (opens) {
    details.dataset.was ??= String(details.open);
    details.open = true;
  } else if (details.dataset.was) {
    details.open = details.dataset.was === "true";
    delete details.dataset.was;
  }
}
