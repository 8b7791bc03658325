// What every page may need. Each behaviour looks for its own data-… and does nothing without it.
import { askBeforeDestroying } from "./confirm.js";
import { keepDrafts } from "./drafts.js";
import { showErrors } from "./errors.js";
import { forgetWhenTold } from "./forget.js";
import { installWorker } from "./install.js";
import { keepForms } from "./keep.js";
import { closeMenus } from "./menu.js";
import { nrsKeys } from "./nrs.js";
import { startSending } from "./outbox.js";
import { submitOnce } from "./submit_once.js";
import { guessTimeZone } from "./time_zone.js";
import { showUnsent } from "./unsent.js";

askBeforeDestroying(document);
forgetWhenTold(document);
submitOnce(document);
keepForms(document); // after submitOnce: a second tap never gets here
keepDrafts(document);
showUnsent(document);
startSending();
installWorker();
nrsKeys(document);
guessTimeZone(document);
closeMenus(document);
showErrors(document);
