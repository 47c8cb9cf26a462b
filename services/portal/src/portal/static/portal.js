// Keeps a page as fresh as the events that come: it listens, fetches itself anew, and changes what differs.
"use strict";

(() => {
  const QUIET_MS = 250; // changes that come together are shown together
  const LEAST_MS = 1000; // between two refreshes
  const RETRY_MS = 5000; // before listening anew where the browser does not

  for (const input of document.querySelectorAll("[data-submits]")) {
    input.addEventListener("change", () => input.value && input.form.requestSubmit());
  }

  const live = document.getElementById("live");
  if (!live) return;
  const { period, tenant, branch } = live.dataset;
  const indicator = document.getElementById("live-state");
  const said = document.getElementById("said");

  const concerns = (change) => {
    if (change.period === null) return !tenant || change.tenant === tenant;
    if (change.period !== period) return false;
    return !tenant || (change.tenant === tenant && (change.branch || "") === branch);
  };

  // --- changing only what differs, so that focus, scrolling and open details stay

  const keyed = (root) => [...root.querySelectorAll("[data-key]")];
  const keys = (elements) => elements.map((element) => element.dataset.key).join("\n");

  const keepOpen = (before, after) => {
    for (const open of before.querySelectorAll("details[open][id]")) {
      const same = after.querySelector(`#${CSS.escape(open.id)}`);
      if (same) same.open = true;
    }
  };

  const swap = (before, after) => {
    const focused = before.contains(document.activeElement) ? document.activeElement.id : "";
    before.replaceWith(after);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const show = (fresh) => {
    const now = document.getElementById("live");
    const before = keyed(now);
    const after = keyed(fresh);
    if (keys(before) !== keys(after)) {
      keepOpen(now, fresh);
      swap(now, fresh);
      return;
    }
    const news = [];
    before.forEach((element, index) => {
      const fresher = after[index];
      keepOpen(element, fresher);
      element.classList.remove("fresh");
      if (element.isEqualNode(fresher)) return;
      if (fresher.dataset.say && fresher.dataset.say !== element.dataset.say) news.push(fresher.dataset.say);
      if (fresher.matches("tr")) fresher.classList.add("fresh");
      swap(element, fresher);
    });
    now.dataset.cursor = fresh.dataset.cursor;
    if (news.length) said.textContent = news.slice(0, 5).join(". ");
  };

  // --- fetching

  const place = () => {
    const url = new URL(location.href);
    if (!tenant) url.searchParams.set("period", period); // "the newest month" may be another one by now
    return url;
  };

  let timer = 0;
  let last = 0;
  let running = false;
  let again = false;

  const refresh = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const answer = await fetch(place(), { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 401) {
        location.reload();
        return;
      }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("live");
        if (fresh) show(document.adoptNode(fresh));
        document.querySelector(".told")?.remove();
      }
    } catch {
      again = true; // the network is away for a moment
    } finally {
      running = false;
      last = performance.now();
    }
    if (again) {
      again = false;
      soon();
    }
  };

  const soon = () => {
    if (timer || document.hidden) {
      again ||= document.hidden;
      return;
    }
    const wait = Math.max(QUIET_MS, LEAST_MS - (performance.now() - last));
    timer = setTimeout(() => {
      timer = 0;
      refresh();
    }, wait);
  };

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && again) {
      again = false;
      soon();
    }
  });

  // --- listening

  const tell = (on) => {
    indicator.hidden = false;
    indicator.classList.toggle("off", !on);
    const word = on ? indicator.dataset.on : indicator.dataset.off;
    const place = indicator.querySelector("[role=status]");
    if (place.textContent !== word) place.textContent = word;
  };

  let events;
  let retry = 0;

  const listen = () => {
    clearTimeout(retry);
    const after = document.getElementById("live").dataset.cursor;
    events = new EventSource(`/api/events?after=${encodeURIComponent(after)}`);
    events.addEventListener("ready", () => tell(true));
    events.addEventListener("reset", soon);
    events.addEventListener("month", (event) => concerns(JSON.parse(event.data)) && soon());
    events.addEventListener("error", () => {
      tell(false);
      if (events.readyState !== EventSource.CLOSED) return; // it tries again by itself
      // The session has ended, or the server is away: fetching the page tells which.
      retry = setTimeout(async () => {
        await refresh();
        listen();
      }, RETRY_MS);
    });
  };

  window.addEventListener("pagehide", () => {
    clearTimeout(retry);
    events.close();
  });
  window.addEventListener("pageshow", (event) => event.persisted && listen());
  listen();
})();
