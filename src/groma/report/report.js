"use strict";
(() => {
  const svg = document.querySelector("#diagram svg");
  const panel = document.getElementById("panel");
  const components = [...svg.querySelectorAll("a[data-component]")];
  const links = [...svg.querySelectorAll("g[data-source]")];
  let kept = null;

  function light(id) {
    const near = new Set([id]);
    for (const link of links) {
      const { source, target } = link.dataset;
      const touches = source === id || target === id;
      link.classList.toggle("lit", touches);
      if (touches) near.add(source).add(target);
    }
    for (const one of components) one.classList.toggle("lit", near.has(one.dataset.component));
    svg.classList.add("pointed");
  }

  function show(component) {
    const about = document.querySelector(component.getAttribute("href")).cloneNode(true);
    for (const part of [about, ...about.querySelectorAll("[id]")]) part.removeAttribute("id");
    about.removeAttribute("aria-labelledby");
    panel.replaceChildren(...about.childNodes);
    const box = component.getBoundingClientRect();
    panel.classList.toggle("left", box.left + box.width / 2 > window.innerWidth / 2);
    panel.classList.toggle("passing", kept === null);
    panel.hidden = false;
    light(component.dataset.component);
  }

  function hide() {
    kept = null;
    panel.hidden = true;
    svg.classList.remove("pointed");
  }

  for (const component of components) {
    const look = () => kept === null && show(component);
    const leave = () => kept === null && hide();
    component.addEventListener("pointerenter", look);
    component.addEventListener("focus", look);
    component.addEventListener("pointerleave", leave);
    component.addEventListener("blur", leave);
    component.addEventListener("click", (event) => {
      event.preventDefault();
      if (kept === component) return hide();
      kept = component;
      show(component);
    });
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("click", (event) => {
    if (kept && !event.target.closest("#panel, a[data-component]")) hide();
  });
})();
