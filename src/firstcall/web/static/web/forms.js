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
  // A second press on the same button sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
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
