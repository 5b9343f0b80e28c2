// A page that stays true. The stream says only which region changed; the page fetches that region again, so no state is
// kept twice. Marked up so: <body data-live="incident:42" data-position="7">, <section id="…" data-region="needs">.
(() => {
  "use strict";
  const body = document.body;
  const topic = body.dataset.live;
  const banner = document.getElementById("not-live");
  if (!topic || !banner) return;
  const STALE = 8000; // ms without a word from the server: then the page says that it may be old
  const PATIENCE = 8000; // ms for one region
  const MARKED = 3000; // ms that a change waits unseen before the page says so
  const words = banner.dataset; // every sentence comes translated from the page
  const ahead = Date.parse(body.dataset.now) - Date.now() || 0; // the server's clock counts, not the telephone's
  let position = Number(body.dataset.position || 0);
  let heard = performance.now();
  let heardAt = Date.now() + ahead;
  let stale = false;
  let source = null;
  let timer = 0;
  let pause = 500;
  let fetching = false;
  let troubled = 0;
  const wanted = new Set();
  const held = new Map(); // region -> since when its change waits for the reader

  const regions = () => [...document.querySelectorAll("[data-region]")];
  const region = (name) => document.querySelector(`[data-region="${CSS.escape(name)}"]`);
  const focusable = (node) => [...node.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary")];

  // What the reader has typed and not sent is never taken away.
  function dirty(node) {
    return [...node.querySelectorAll("input:not([type=hidden]),textarea,select")].some((field) => {
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
      const options = [...field.options];
      return options.some((one) => one.defaultSelected)
        ? options.some((one) => one.selected !== one.defaultSelected)
        : field.selectedIndex > 0;
    });
  }

  function busy(node) {
    const active = document.activeElement;
    if (active && node.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName)) return true;
    if (node.querySelector(":popover-open")) return true;
    const chosen = document.getSelection();
    return Boolean(chosen && !chosen.isCollapsed && node.contains(chosen.anchorNode));
  }

  function same(one, other) {
    return one.tagName === other.tagName && (one.id ? one.id === other.id : one.textContent === other.textContent);
  }

  function swap(old, fresh) {
    const opened = [...old.querySelectorAll("details")].map((one, n) => [one.id, n, one.open]);
    const scrolled = [...old.querySelectorAll(".filters")].map((one) => one.scrollLeft);
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const place = active ? focusable(old).indexOf(active) : -1;
    document.getElementById(`${old.dataset.region}-changed`)?.remove();
    old.replaceWith(fresh);
    const all = [...fresh.querySelectorAll("details")];
    for (const [id, n, open] of opened) {
      const one = id ? all.find((other) => other.id === id) : all[n];
      if (one) one.open = open;
    }
    fresh.querySelectorAll(".filters").forEach((one, n) => { one.scrollLeft = scrolled[n] || 0; });
    if (window.htmx) window.htmx.process(fresh);
    if (active) {
      const now = focusable(fresh);
      const next = now.find((one) => same(one, active)) || (now[place] && now[place].tagName === active.tagName ? now[place] : null);
      if (!next) fresh.tabIndex = -1;
      (next || fresh).focus({ preventScroll: true });
    }
    document.dispatchEvent(new CustomEvent("region", { detail: fresh.dataset.region }));
  }

  function mark(node) {
    const id = `${node.dataset.region}-changed`;
    if (document.getElementById(id)) return;
    const line = document.createElement("p");
    line.id = id;
    line.className = "changed";
    line.setAttribute("role", "status");
    line.append(`${words.changed} `);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = words.refresh;
    button.addEventListener("click", () => { held.delete(node.dataset.region); bring(node.dataset.region, true); });
    line.append(button);
    node.before(line);
  }

  function hold(node) {
    const name = node.dataset.region;
    if (!held.has(name)) held.set(name, performance.now());
    if (dirty(node) || performance.now() - held.get(name) > MARKED) mark(node);
  }

  async function bring(name, force = false) {
    const before = region(name);
    if (!before) return true;
    if (!force && (dirty(before) || busy(before))) { hold(before); return true; }
    const url = new URL(location.href);
    url.searchParams.set("region", name);
    const answer = await fetch(url, {
      headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual", cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) { over(); return true; }
    if (!answer.ok) return false;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector(`[data-region="${CSS.escape(name)}"]`);
    const old = region(name);
    if (!old || !fresh) return true;
    if (!force && (dirty(old) || busy(old))) { hold(old); return true; }
    held.delete(name);
    swap(old, fresh);
    return true;
  }

  // Signed out, or no longer for this reader: the server's own page says so. Unsent words stay until they are sent.
  function over() {
    if (!dirty(document)) location.reload();
  }

  async function bringAll() {
    if (fetching) return;
    fetching = true;
    let failed = false;
    while (wanted.size && !failed) {
      const names = [...wanted].slice(0, 3);
      names.forEach((name) => wanted.delete(name));
      const done = await Promise.allSettled(names.map((name) => bring(name)));
      done.forEach((one, n) => {
        if (one.status === "rejected" || !one.value) { wanted.add(names[n]); failed = true; }
      });
    }
    fetching = false;
    if (!failed) { troubled = 0; return; }
    troubled = Math.min(troubled + 1, 4);
    setTimeout(bringAll, 500 * 2 ** troubled);
  }

  function want(names) {
    names.forEach((name) => wanted.add(name));
    bringAll();
  }

  function hear() {
    heard = performance.now();
    heardAt = Date.now() + ahead;
    pause = 500;
    if (!stale) return;
    stale = false;
    body.classList.remove("not-live");
    banner.textContent = "";
    want(regions().map((node) => node.dataset.region));
  }

  function watch() {
    for (const name of [...held.keys()]) {
      const node = region(name);
      if (!node) held.delete(name);
      else if (dirty(node) || busy(node)) hold(node);
      else { held.delete(name); want([name]); }
    }
    if (stale || performance.now() - heard < STALE) return;
    stale = true;
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: body.dataset.zone || undefined,
    }).format(heardAt);
    body.classList.add("not-live");
    banner.textContent = words.words.replace("{time}", clock);
  }

  function open() {
    timer = 0;
    source = new EventSource(`/live/${topic}?after=${position}`);
    source.addEventListener("news", (event) => {
      const news = JSON.parse(event.data);
      position = Math.max(position, news.position || 0);
      const named = new Set(news.regions || []);
      hear();
      const touched = (name) => named.has("*") || named.has(name) || name === "timeline"; // every entry is a line there
      want(regions().map((node) => node.dataset.region).filter(touched));
    });
    source.addEventListener("beat", (event) => {
      position = Math.max(position, JSON.parse(event.data).position || 0);
      hear();
    });
    source.addEventListener("goodbye", again);
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      const first = regions()[0];
      if (first) want([first.dataset.region]); // refused: the page itself knows whether it is over
      again();
    });
  }

  function again() {
    source.close();
    if (timer) return;
    timer = setTimeout(open, pause + Math.random() * pause);
    pause = Math.min(pause * 2, 10000);
  }

  // Countdowns change their text once a minute, and by the server's clock.
  function count() {
    const now = Date.now() + ahead;
    for (const node of document.querySelectorAll("[data-until]")) {
      const left = Date.parse(node.dataset.until) - now;
      const text = left < 0 ? node.dataset.late : (node.dataset.words || "").replace("{n}", String(Math.ceil(left / 60000)));
      if (text && node.textContent !== text) node.textContent = text;
    }
    for (const node of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((now - Date.parse(node.dataset.since)) / 60000));
      const form = minutes < 60 ? words.min : minutes % 60 ? words.hmin : words.h;
      const text = form.replace("{h}", String(Math.floor(minutes / 60))).replace("{n}", String(minutes % 60));
      if (node.textContent !== text) node.textContent = text;
    }
  }

  open();
  setInterval(watch, 500);
  setInterval(count, 5000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { watch(); count(); } });
  addEventListener("online", () => { if (timer) { clearTimeout(timer); open(); } });
  addEventListener("pagehide", () => { clearTimeout(timer); source.close(); });
})();
