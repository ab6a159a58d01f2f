// Copies a passage with the citation of its document, by button or by key, and says so to those
// who see it and to those who hear it.

export function copying() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button.closest(".hit, .passage"));
  });
}

// The whole passage as it stands, and its citation on a line of its own; says so beside it.
export async function copy(place) {
  const citation = (place?.querySelector(".citation") ?? document.getElementById("citation"))?.textContent.trim();
  if (!citation) return;
  let said = "已复制";
  try {
    await put(`${await words(place)}\n${citation}`);
  } catch {
    said = "未能复制";
  }
  say(place, said, `${said}段落和出处`);
}

// Says something to those who see it, beside a passage, and to those who hear it.
export function say(place, seen, heard) {
  // Emptied first, or the same words a second time would not be read out.
  const announce = document.getElementById("announce");
  announce.textContent = "";
  setTimeout(() => (announce.textContent = heard), 50);
  const sign = document.createElement("span");
  sign.className = "said";
  sign.textContent = seen;
  place?.querySelector(".facts p, .about")?.append(sign);
  setTimeout(() => sign.remove(), 1500);
}

// A page that is not served over HTTPS or from this machine has no clipboard; then what is selected
// in a field is copied, and the focus goes back to where it was.
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  if (!done) throw new Error("not copied");
}

// What is on the screen may be a part of the passage; then the whole is asked for.
async function words(place) {
  const lines = [...place.querySelectorAll(".line, :scope > p:not(.answers)")];
  const text = lines.map((line) => line.textContent.trim()).join("\n");
  const before = place.querySelector(".cut-before");
  const after = place.querySelector(".cut-after");
  if (text && !before && !after) return text;
  if (place.dataset.passage) {
    const response = await fetch(`/api/v1/measures/${place.dataset.passage}`);
    if (response.ok) return (await response.json()).text.trim();
  }
  return (before ? "……" : "") + text + (after ? "……" : "");
}
