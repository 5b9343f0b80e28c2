// Says how old a kept pocket sheet is, and asks the worker to keep a new one.
(() => {
  const sheet = document.getElementById("pocket"), age = document.getElementById("age");
  if (sheet && age) {
    const days = Math.floor((Date.now() - Date.parse(sheet.dataset.asOf)) / 86400000);
    if (!navigator.onLine || days > 0) {
      age.textContent = days < 1 ? sheet.dataset.fresh : days === 1 ? sheet.dataset.one : sheet.dataset.many.replace("{n}", days);
      if (days >= 7) { age.textContent += " " + sheet.dataset.old; age.className = "warn"; }
      age.hidden = false;
    }
  }
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.register("/worker.js", { scope: "/" })
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => { if (navigator.onLine) ready.active.postMessage(sheet ? "renew" : "keep"); })
    .catch(() => {});
})();
