"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const index = JSON.parse(byId("index").textContent);
  const words = index.words;
  const last = index.pages.length;
  const holder = byId("pages");
  const first = holder.innerHTML;
  const [status, hits, field] = [byId("status"), byId("hits"), byId("page-number")];
  const LISTED = 200;
  const KEPT = 6;
  const kept = new Map();
  let current = 1;
  let asked = 0; // tells a search, or a page that was asked for, from an older one

  // What is unpacked was escaped when it was written, and the page's policy lets nothing in it run.
  async function unpack(number) {
    if (number === 1) return first;
    if (kept.has(number)) return kept.get(number);
    const packed = document.querySelector(`script[data-page="${number}"]`).textContent;
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const text = await new Response(stream).text();
    kept.set(number, text);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return text;
  }

  const say = (text) => { status.textContent = text; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name].toLocaleString(document.documentElement.lang));

  async function show(number) {
    const wanted = Math.min(Math.max(1, number), last);
    const turn = ++asked;
    const text = await unpack(wanted);
    if (turn !== asked) return false;
    if (wanted !== current) holder.innerHTML = text;
    current = wanted;
    field.value = String(current);
    for (const button of document.querySelectorAll("[data-go]")) {
      button.disabled = /first|previous/.test(button.dataset.go) ? current === 1 : current === last;
    }
    return true;
  }

  function pageOf(anchor) {
    const column = anchor[0] === "e" ? 0 : 1;
    const ordinal = Number(anchor.slice(1));
    let found = 1;
    while (found < last && index.pages[found][column] <= ordinal) found += 1;
    return found;
  }

  async function visit(anchor) {
    if (/^[el]\d+$/.test(anchor) && !byId(anchor) && !(await show(pageOf(anchor)))) return;
    const target = byId(anchor);
    if (!target) return;
    for (const old of document.querySelectorAll(".here")) old.classList.remove("here");
    target.classList.add("here");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  }

  // Searching: a page's text is looked at as it lies there, and taken apart only where something may be found.

  const alike = ["iıİI", "sşSŞ", "cçCÇ", "gğGĞ", "oöOÖ", "uüûUÜÛ", "aâAÂ"];
  // Finds a text whatever its case, and whether it is written with Turkish letters or without.
  const finder = (text) => new RegExp([...text].map((letter) => {
    const same = alike.find((letters) => letters.includes(letter)) ?? letter.toLowerCase() + letter.toUpperCase();
    return `[${same.replace(/[\\\]^-]/g, "\\$&")}]`;
  }).join(""), "u");
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&#34;").replace(/'/g, "&#39;");

  function amountOf(query) {
    const match = /^([\d.,\s]*?)(?:[.,](\d{1,2}))?$/.exec(query.trim());
    if (!match) return null;
    const whole = match[1].replace(/\D/g, "").replace(/^0+(?=\d)/, "");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, index.decimal === "," ? "." : ",");
    return { text: grouped + index.decimal + (match[2] ? match[2].padEnd(2, "0") : ""), exact: Boolean(match[2]) };
  }

  function matcher(scope, query) {
    const cells = { account: ".ac, .account", voucher: ".fact, .do", text: "td, th" }[scope];
    if (scope === "entry" || scope === "line") {
      const attribute = scope === "entry" ? "e" : "n";
      const wanted = `data-${attribute}="${escaped(query)}"`;
      const place = scope === "entry" ? 2 : 4;
      const number = /^\d{1,15}$/.test(query) ? Number(query) : null;
      return {
        pages: (page) => number === null || page[place] === null || (page[place] <= number && number <= page[place + 1]),
        may: (text) => text.includes(wanted),
        is: (row) => row.dataset[attribute] === query,
      };
    }
    if (scope === "amount") {
      const amount = amountOf(query);
      const fits = (cell) => (amount.exact ? cell.textContent.split(" ")[0] === amount.text : cell.textContent.startsWith(amount.text));
      return { pages: () => amount !== null, may: (text) => text.includes(amount.text), is: (row) => [...row.querySelectorAll(".dr, .cr, .ba")].some(fits) };
    }
    const wanted = finder(query);
    const inText = finder(escaped(query));
    return {
      pages: () => true,
      may: (text) => inText.test(text.replace(/<[^>]+>/g, "")),
      is: (row) => [...row.querySelectorAll(cells)].some((cell) => wanted.test(cell.textContent)),
    };
  }

  function list(row, number) {
    const link = document.createElement("a");
    link.href = `#${row.id}`;
    link.textContent = `${words.page} ${number}`;
    const item = document.createElement("li");
    const texts = [...row.children].map((cell) => cell.textContent.trim()).filter(Boolean);
    item.append(link, ` ${texts.join(" · ").slice(0, 160)}`);
    hits.append(item);
  }

  async function search(scope, query) {
    const match = matcher(scope, query);
    const turn = ++asked;
    hits.replaceChildren();
    hits.hidden = true;
    say(words.searching);
    let count = 0;
    let only = "";
    for (let number = 1; number <= last && count < LISTED; number += 1) {
      if (!match.pages(index.pages[number - 1])) continue;
      const text = await unpack(number);
      if (turn !== asked) return;
      if (!match.may(text)) continue;
      const sheet = new DOMParser().parseFromString(text, "text/html");
      for (const row of sheet.querySelectorAll("tr[id]")) {
        if (count >= LISTED) break;
        if (!match.is(row)) continue;
        count += 1;
        only = only || row.id;
        list(row, number);
      }
    }
    hits.hidden = count === 0;
    say(count === 0 ? words.nothing : fill(count < LISTED ? words.hits : words.hits_more, { count }));
    if (count > 0 && (count === 1 || scope === "entry" || scope === "line")) await visit(only);
  }

  async function print(all) {
    if (!all) {
      window.print();
      return;
    }
    const from = last <= index.printed ? 1 : current;
    say(words.loading);
    const texts = [];
    for (let number = from; number < from + index.printed && number <= last; number += 1) texts.push(await unpack(number));
    const before = holder.innerHTML;
    holder.innerHTML = texts.join("");
    say("");
    window.addEventListener("afterprint", () => { holder.innerHTML = before; }, { once: true });
    window.print();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const link = event.target.closest("a[href^='#']");
    if (link) {
      const anchor = link.getAttribute("href").slice(1);
      if (/^[el]\d+$/.test(anchor)) {
        event.preventDefault();
        history.replaceState(null, "", `#${anchor}`);
        visit(anchor);
      }
    } else if (button?.dataset.go) {
      show({ first: 1, previous: current - 1, next: current + 1, last }[button.dataset.go]);
    } else if (button?.dataset.print) {
      print(button.dataset.print === "all");
    }
  });
  field.addEventListener("change", () => show(Number.parseInt(field.value.replace(/\D/g, ""), 10) || 1));
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const query = data.get("query").trim();
    if (query) search(data.get("scope"), query);
  });
  window.addEventListener("hashchange", () => visit(location.hash.slice(1)));

  if (typeof DecompressionStream === "undefined") {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = words.too_old;
    holder.before(note);
    return;
  }
  byId("tools").hidden = false;
  show(1).then(() => visit(location.hash.slice(1)));
})();
