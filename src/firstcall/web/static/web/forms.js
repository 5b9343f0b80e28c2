// Small comforts; every form works without them.
(() => {
  "use strict";
  const first = document.querySelector("[data-focus]:not(.spec *)");
  if (first) first.focus();
  // A link to a field opens what it is folded in.
  const reach = () => {
    const field = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = field && field.closest("details:not([open])");
    if (fold) { fold.open = true; field.scrollIntoView({ block: "center" }); }
    if (field && field.matches("input,select,textarea")) field.focus();
  };
  addEventListener("hashchange", reach);
  reach();
  // A person's own zone, where nothing was chosen yet.
  const zone = document.querySelector('select[data-zone="own"]');
  const own = zone && Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own && [...zone.options].some((one) => one.value === own)) zone.value = own;
  // What was typed is not lost when there is no network, or when one has to sign in first.
  const lost = document.getElementById("lost");
  const untyped = /^(hidden|submit|button|file|password)$/;
  const fields = (form) => [...form.elements].filter((one) => one.name && !untyped.test(one.type));
  const tell = (words) => { lost.textContent = words; lost.dataset.shown = "yes"; lost.scrollIntoView({ block: "center" }); };
  const unsent = JSON.parse(sessionStorage.getItem("unsent") || "null");
  sessionStorage.removeItem("unsent");
  if (unsent && location.pathname.startsWith("/account/")) {
    sessionStorage.setItem("unsent", JSON.stringify({ ...unsent, signed: true }));
  } else if (unsent && unsent.signed && unsent.path === location.pathname) {
    const form = [...document.forms].find((one) => unsent.values.every(([name]) => one.elements[name]));
    if (form) {
      fields(form).forEach((one) => {
        const mine = unsent.values.filter(([name]) => name === one.name).map(([, value]) => value);
        if (/^(checkbox|radio)$/.test(one.type)) one.checked = mine.includes(one.value);
        else if (mine.length) one.value = mine[0];
      });
      tell(lost.dataset.kept);
    }
  }
  // A second press on the same button sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (!navigator.onLine) { event.preventDefault(); tell(lost.dataset.offline); return; }
    if (form.method === "post" && !form.querySelector("[type=password]")) {
      const filled = fields(form).filter((one) => one.checked || !/^(checkbox|radio)$/.test(one.type));
      const values = filled.map((one) => [one.name, one.value]);
      if (values.length) sessionStorage.setItem("unsent", JSON.stringify({ path: location.pathname, values }));
    }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const text = "value" in source ? source.value : source.textContent;
    navigator.clipboard.writeText(text.trim()).then(() => {
      const before = button.textContent;
      button.textContent = button.dataset.copied || "Copied";
      setTimeout(() => { button.textContent = before; }, 2000);
    });
  });
  // A page from the browser's store may be old: ask again.
  const typed = () => [...document.querySelectorAll("input:not([type=hidden]),textarea")].some((field) =>
    /^(checkbox|radio)$/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  addEventListener("pageshow", (event) => { if (event.persisted && !typed()) location.reload(); });
})();
