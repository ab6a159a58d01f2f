// The search box above a long list of values: hides the values that do not hold what is typed.

export function pickers() {
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const option of event.target.closest("details").querySelectorAll(".option")) {
      const is = option.querySelector("input").checked || option.textContent.toLowerCase().includes(wanted);
      option.hidden = !is;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
  });
}
