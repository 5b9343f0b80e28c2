// A page that stays true: the stream says only which region changed, the page fetches it again.
(() => {
  "use strict";
  const body = document.body;
  const topic = body.dataset.live;
  if (!topic) return;
  const STALE = 8000; // ms without a word from the server: then the page says that it may be old
  const banner = document.getElementById("not-live");
  let position = Number(body.dataset.position || 0);
  let heard = performance.now();
  let heardAt = new Date();
  let stale = false;
  let source = null;
  let wait = 500;
  const pending = new Set();
  let fetching = false;

  const regions = () => [...document.querySelectorAll("[data-region]")].map((node) => node.dataset.region);

  function busy(node) {
    const active = document.activeElement;
    return active && node.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
  }

  function swap(old, fresh) {
    const open = [...old.querySelectorAll("details[open]")].map((d) => d.id).filter(Boolean);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(fresh);
    for (const id of open) { const d = document.getElementById(id); if (d) d.open = true; }
    if (focused) { const node = document.getElementById(focused); if (node) node.focus({ preventScroll: true }); }
    document.dispatchEvent(new CustomEvent("region", { detail: fresh.dataset.region }));
  }

  async function fetchRegions() {
    if (fetching) return;
    fetching = true;
    try {
      while (pending.size) {
        const name = pending.values().next().value;
        const old = document.querySelector(`[data-region="${name}"]`);
        if (!old) { pending.delete(name); continue; }
        if (busy(old)) { pending.delete(name); old.addEventListener("focusout", () => { pending.add(name); fetchRegions(); }, { once: true }); continue; }
        const url = new URL(location.href);
        url.searchParams.set("region", name);
        const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
        if (answer.status === 404 || answer.redirected) { location.reload(); return; }
        if (!answer.ok) break;
        pending.delete(name);
        const holder = document.createElement("template");
        holder.innerHTML = await answer.text();
        const fresh = holder.content.querySelector(`[data-region="${name}"]`);
        if (fresh) swap(old, fresh);
      }
    } catch (error) {
      setTimeout(fetchRegions, 1000);
    } finally {
      fetching = false;
    }
  }

  function hear() {
    heard = performance.now();
    heardAt = new Date();
    if (!stale) return;
    stale = false;
    body.classList.remove("not-live");
    banner.textContent = "";
    regions().forEach((name) => pending.add(name));
    fetchRegions();
  }

  function watch() {
    if (performance.now() - heard < STALE || stale) return;
    stale = true;
    const clock = heardAt.toTimeString().slice(0, 8);
    banner.textContent = `Not live since ${clock}. What you see may be old; we keep trying.`;
    body.classList.add("not-live");
  }

  function open() {
    source = new EventSource(`/live/${topic}?after=${position}`);
    source.addEventListener("news", (event) => {
      hear();
      const news = JSON.parse(event.data);
      position = Math.max(position, news.position || 0);
      const named = new Set(news.regions || []);
      regions().filter((name) => named.has(name) || named.has("*") || name === "timeline").forEach((name) => pending.add(name));
      fetchRegions();
    });
    source.addEventListener("beat", (event) => {
      hear();
      wait = 500;
      const beat = JSON.parse(event.data);
      if ((beat.position || 0) > position) position = beat.position;
    });
    source.addEventListener("goodbye", () => { source.close(); again(); });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) again(); };
  }

  function again() {
    setTimeout(open, wait + Math.random() * wait);
    wait = Math.min(wait * 2, 10000);
  }

  function countDown() {
    for (const node of document.querySelectorAll("[data-until]")) {
      const seconds = (new Date(node.dataset.until) - Date.now()) / 1000;
      const minutes = Math.max(0, Math.ceil(seconds / 60));
      const text = (seconds < 0 ? node.dataset.late : node.dataset.words || "").replace("{n}", String(minutes));
      if (text && node.textContent !== text) node.textContent = text;
    }
    for (const node of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((Date.now() - new Date(node.dataset.since)) / 60000));
      const text = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
      if (node.textContent !== text) node.textContent = text;
    }
  }

  open();
  setInterval(watch, 500);
  setInterval(countDown, 5000);
  addEventListener("pagehide", () => source && source.close());
})();
