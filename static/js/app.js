// What every page may need. Each behaviour looks for its own data-… and does nothing without it.
import { keepDrafts } from "./forms/drafts.js";
import { keepForms } from "./forms/keep.js";
import { nrsKeys } from "./forms/nrs.js";
import { askBeforeDestroying, submitOnce } from "./forms/submit_once.js";
import { closeMenus } from "./frame/menu.js";
import { forgetWhenTold } from "./offline/forget.js";
import { installWorker } from "./offline/install.js";
import { startSending } from "./offline/outbox.js";
import { showUnsent } from "./offline/unsent.js";

askBeforeDestroying(document);
forgetWhenTold(document);
submitOnce(document);
keepForms(document); // after submitOnce: a second tap never gets here
keepDrafts(document);
showUnsent(document);
startSending();
installWorker();
nrsKeys(document);
closeMenus(document);
// A refused form's summary is read out and seen; after what was saved, "Undo" is the next stop.
document.querySelector("[data-error-summary], [data-just-saved]")?.focus();

const shownAt = Date.now();

// Of use on few pages, on few devices, or late: fetched only then.
const clock = document.querySelector("[data-utc-offset]");
if (clock && Number(clock.dataset.utcOffset) !== -60 * new Date().getTimezoneOffset()) {
  import("./frame/two_clocks.js").then(({ sayBoth }) => sayBoth(clock));
}
if (document.querySelector("[data-time-zone]")) import("./forms/time_zone.js");
const today = document.querySelector("[data-renews]");
if (today) addEventListener("focus", () => look(today));
if (today) document.addEventListener("visibilitychange", () => document.hidden || look(today));

function look(head) {
  import("./today/renew.js").then(({ renew }) => renew(head, shownAt)).catch(() => {});
}
