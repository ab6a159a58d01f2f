// Everything works without this. It saves clicks, adds keys and announces what changed.
import { live } from "./live.js";
import { keys } from "./keys.js";
import { pickers } from "./pickers.js";
import { copying } from "./copying.js";
import { reading } from "./reading.js";

document.documentElement.classList.add("scripted");

const narrow = matchMedia("(max-width: 760px)");

// On a phone, filters and outline wait behind their names.
function fold(root) {
  if (!narrow.matches) return;
  for (const details of root.querySelectorAll(".filters, .fold")) details.open = false;
}

fold(document);
pickers();
copying();
keys();
reading();
live();
