// What every page may need. Each behaviour looks for its own data-… and does nothing without it.
import { askBeforeDestroying } from "./confirm.js";
import { showErrors } from "./errors.js";
import { closeMenus } from "./menu.js";
import { nrsKeys } from "./nrs.js";
import { submitOnce } from "./submit_once.js";
import { guessTimeZone } from "./time_zone.js";

askBeforeDestroying(document);
submitOnce(document);
nrsKeys(document);
guessTimeZone(document);
closeMenus(document);
showErrors(document);
