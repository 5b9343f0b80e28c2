// The count on the button follows the ticks, and marks go once their words are changed. The form works without this.
(() => {
  "use strict";
  const form = document.getElementById("update-form");
  if (!form) return;
  const words = JSON.parse(form.dataset.words);
  const place = document.getElementById("reach-words");
  const ticks = [...form.querySelectorAll("input[name^=to_]")];
  const say = () => {
    const key = ticks.filter((tick) => tick.checked).map((tick) => tick.name.slice(3)).sort().join(",");
    place.textContent = words[key];
  };
  ticks.forEach((tick) => tick.addEventListener("change", say));
  say();
  form.querySelectorAll(".checked textarea").forEach((area) => {
    area.addEventListener("input", () => { area.parentNode.querySelector(".under").textContent = area.value; });
  });
})();
