// The page says its own age even when nobody renders it any more. It reads fully without this.
(() => {
  "use strict";
  const node = document.getElementById("confirmed");
  if (!node) return;
  const said = new Date(node.dateTime);
  const warn = () => {
    if (Date.now() - said < 6 * 60000) return;
    const line = document.getElementById("unconfirmed");
    line.hidden = false;
  };
  warn();
  setInterval(warn, 15000);
  setTimeout(() => location.reload(), 60000);
})();
