// Everything works without this. It saves clicks, adds keys and announces what changed.
import { live } from "./live.js";
import { keys } from "./keys.js";
import { pickers } from "./pickers.js";
import { copying } from "./copying.js";
import { reading } from "./reading.js";
import { suggesting } from "./suggesting.js";
import { folding } from "./folding.js";
import { filtering } from "./filtering.js";
import { basket } from "./basket.js";
import { arranging } from "./arranging.js";

document.documentElement.classList.add("scripted");

folding(document);
pickers();
filtering();
copying();
keys();
reading();
live();
suggesting();
basket();
arranging();
