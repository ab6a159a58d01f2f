// Single keys, as listed in the dialog. Never while something is being typed.
import { toggle } from "./basket.js";
import { copy } from "./copying.js";
import { step } from "./reading.js";

export function keys() {
  const dialog = document.getElementById("keys");
  document.querySelector("[data-keys]").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const done = act(event.key, dialog);
    if (done) event.preventDefault();
  });
}

function act(key, dialog) {
  switch (key) {
    case "/":
      document.getElementById("q").select();
      document.getElementById("q").focus();
      return true;
    case "?":
      dialog.showModal();
      return true;
    case "j":
      return move(1);
    case "k":
      return move(-1);
    case "n":
      return step(1);
    case "N":
      return step(-1);
    case "b": {
      const button = current()?.querySelector("[data-pin]");
      if (button) toggle(button);
      return Boolean(button);
    }
    case "c": {
      const place = document.querySelector(".hit.is-current, .passage.is-current");
      if (place) copy(place);
      return Boolean(place);
    }
  }
  return false;
}

// The passage that a key is meant for: the one that was gone to, else the one with the focus or the
// one that the address points at.
function current() {
  return (
    document.querySelector(".hit.is-current, .passage.is-current") ??
    document.activeElement.closest(".hit, .passage") ??
    document.querySelector(".passage:target")
  );
}

// The next or previous hit gets the focus, so that Enter opens it.
function move(by) {
  const hits = [...document.querySelectorAll(".hit")];
  if (!hits.length) return step(by);
  const at = hits.findIndex((hit) => hit.classList.contains("is-current"));
  const next = hits[Math.min(Math.max(at + by, 0), hits.length - 1)];
  hits[at]?.classList.remove("is-current");
  next.classList.add("is-current");
  next.querySelector(".open").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}
