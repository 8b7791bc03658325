import { offerCard } from "./calls.js";

for (const place of document.querySelectorAll("[data-call-place]")) offerCard(document, place);
