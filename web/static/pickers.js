// The search box of a long list of values: hides the values that do not hold what is typed.

export function pickers() {
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    const facet = event.target.closest(".facet");
    let seen = false;
    for (const option of facet.querySelectorAll(".option")) {
      const holds = option.querySelector("label").textContent.toLowerCase().includes(wanted);
      option.hidden = !holds && !option.querySelector("input").checked;
      seen ||= holds;
    }
    facet.querySelector(".none").hidden = seen;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
  });
}
