// Copies a passage with the citation of its document.

export function copying() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button.closest(".hit, .passage"), button);
  });
}

// The words of a passage, as they stand, and its citation on a line of its own.
export async function copy(place, button) {
  const citation = (place?.querySelector(".citation") ?? document.getElementById("citation"))?.textContent.trim();
  const lines = [...(place?.querySelectorAll(".line, :scope > p:not(.answers)") ?? [])];
  const words = lines.map((line) => line.textContent.trim()).join("\n");
  if (!words || !citation) return;
  let said = "已复制";
  try {
    await navigator.clipboard.writeText(`${words}\n${citation}`);
  } catch {
    said = "未能复制";
  }
  document.getElementById("announce").textContent = said;
  if (!button) return;
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = said;
  setTimeout(() => (button.textContent = label), 1500);
}
