// Filters and outline wait behind their names on a phone. Elsewhere the stylesheet shows them;
// browsers that cannot do that get them opened here.

export function folding(root) {
  if (matchMedia("(max-width: 760px)").matches) return;
  for (const details of root.querySelectorAll(".filters, .fold")) details.open = true;
}
