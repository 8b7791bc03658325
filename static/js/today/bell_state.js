// Whether anything will ring when a wait is over, said before it begins.
import { offerToTell } from "./due_notification.js";

for (const place of document.querySelectorAll("[data-bell-state]")) offerToTell(place);
