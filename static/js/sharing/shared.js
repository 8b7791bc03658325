// The first thing a shared page does: the secret leaves the address bar, and with it the history
// and whatever looks over the reader's shoulder. It then goes to the server once, in the body of
// a POST, for the cookie that opens the report. Not a module: those wait until the page is there.

(() => {
  // Some programs take the full stop or the bracket behind an address for a part of it.
  const secret = window.location.hash.match(/^#\W*([A-Za-z0-9]{40,})/)?.[1];
  if (!secret) return; // another # leads to a place on the page
  window.history.replaceState(null, "", window.location.pathname);
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-exchange]");
    if (form) new Exchange(form, secret).start();
  });

  class Exchange {
    constructor(form, secret) {
      this.form = form;
      this.secret = secret;
      this.parts = document.querySelectorAll("[data-while]");
      for (const button of document.querySelectorAll("[data-again]")) {
        button.addEventListener("click", () => this.start());
      }
    }

    async start() {
      this.show("opening");
      try {
        const body = new URLSearchParams({ secret: this.secret });
        // Not followed: the report would be fetched, and counted, twice.
        const answer = await fetch(this.form.action, { method: "POST", body, redirect: "manual" });
        if (answer.type === "opaqueredirect") window.location.replace(window.location.pathname);
        else this.show(answer.status < 500 ? "refused" : "failed");
      } catch {
        this.show("failed");
      }
    }

    show(state) {
      for (const part of this.parts) part.hidden = !part.dataset.while.split(" ").includes(state);
    }
  }
})();
