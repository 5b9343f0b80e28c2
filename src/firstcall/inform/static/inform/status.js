// The page says its own age even when nobody renders it any more, and fetches news. It reads fully without this.
(() => {
  "use strict";
  const node = document.getElementById("confirmed");
  const age = document.getElementById("age");
  const stale = document.getElementById("unconfirmed");
  if (!node || !age || !stale) return;
  let said = new Date(node.dateTime);
  let number;
  const judge = () => {
    const old = Date.now() - said > 6 * 60000;
    stale.hidden = !old;
    age.hidden = true;
  };
  const ask = async () => {
    try {
      const reply = await fetch("version.json", { cache: "no-cache" });
      const version = await reply.json();
      said = new Date(version.confirmed_at);
      node.dateTime = version.confirmed_at;
      node.textContent = `${version.confirmed_at.slice(11, 16)} UTC`;
      const typing = document.activeElement && document.activeElement.tagName === "INPUT";
      if (number !== undefined && version.number !== number && !typing) location.reload();
      else number = number ?? version.number;
    } catch { /* the age says it */ }
    judge();
  };
  judge();
  ask();
  setInterval(ask, 30000);
})();
