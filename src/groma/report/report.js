"use strict";
(() => {
  const drawings = [...document.querySelectorAll("#diagram .sheet svg")];
  const panel = document.getElementById("panel");
  const components = [...document.querySelectorAll("#diagram a[data-component]")];
  const links = [...document.querySelectorAll("#diagram g[data-source]")];
  const FIRST_LINES = 3; // of each part of the bill, that a phone shows unasked
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
    for (const svg of drawings) svg.classList.add("pointed");
  }

  function show(component) {
    const about = document.querySelector(component.getAttribute("href")).cloneNode(true);
    for (const part of [about, ...about.querySelectorAll("[id]")]) part.removeAttribute("id");
    about.removeAttribute("aria-labelledby");
    for (const folded of about.querySelectorAll("details")) folded.open = true;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", hide);
    panel.replaceChildren(close, ...about.childNodes);
    const box = component.getBoundingClientRect();
    panel.classList.toggle("left", box.left + box.width / 2 > window.innerWidth / 2);
    panel.classList.toggle("passing", kept === null);
    panel.hidden = false;
    light(component.dataset.component);
  }

  function hide() {
    kept = null;
    panel.hidden = true;
    for (const svg of drawings) svg.classList.remove("pointed");
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
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  function choose(chosen) {
    hide();
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
  }
  for (const [number, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(number + step + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  }
  if (tabs.length) {
    document.getElementById("sheets").hidden = false;
    choose(tabs[0]);
  }

  for (const table of document.querySelectorAll("main .scroll > table")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    table.classList.add("stacked");
    for (const row of table.querySelectorAll("tbody tr")) {
      let column = 0;
      for (const cell of row.cells) {
        if (cell.tagName === "TD" && cell.colSpan === 1 && heads[column]) cell.dataset.head = heads[column];
        column += cell.colSpan;
      }
    }
  }

  function shorten(group) {
    const rest = [...group.rows].slice(1 + FIRST_LINES);
    if (rest.length < 2) return;
    for (const row of rest) row.hidden = true;
    const more = document.createElement("button");
    more.type = "button";
    more.textContent = `${rest.length} more`;
    const row = group.insertRow();
    const cell = row.insertCell();
    cell.colSpan = 6;
    cell.append(more);
    more.addEventListener("click", () => {
      for (const each of rest) each.hidden = false;
      row.remove();
    });
  }
  if (window.matchMedia("(max-width: 40rem)").matches) {
    for (const folded of document.querySelectorAll("details.fold")) folded.open = folded.closest("#bill") !== null;
    for (const group of document.querySelectorAll("#bill tbody")) shorten(group);
  }
  function reveal() {
    const about = document.getElementById(window.location.hash.slice(1));
    if (!about) return;
    for (const inner of about.querySelectorAll("details.fold")) inner.open = true;
    for (let at = about; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    about.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("click", (event) => {
    if (kept && !event.target.closest("#panel, a[data-component]")) hide();
  });
})();
