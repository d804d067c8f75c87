"use strict";
// Filters the findings, opens the one that is linked to, and opens all for printing.
// It reads what stands in the page and writes only plain text.
(() => {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const none = document.getElementById("no-match");
  const findings = [...document.querySelectorAll("details.finding")];
  const units = [...document.querySelectorAll("section.unit")];
  const texts = new Map();

  const plain = (text) => text.normalize("NFKC").toLowerCase();

  // Everything that a finding says, worked out when it is first searched for.
  const textOf = (finding) => {
    if (!texts.has(finding)) {
      const unit = finding.parentElement.querySelector("h3");
      texts.set(finding, plain(`${unit ? unit.textContent : ""} ${finding.textContent}`));
    }
    return texts.get(finding);
  };

  const said = (n) => n.toLocaleString("en-US");

  const filter = () => {
    const wanted = new FormData(form);
    const verdicts = new Set(wanted.getAll("verdict"));
    const [unit, duty, person] = ["unit", "duty", "person"].map((name) => wanted.get(name));
    const words = plain(wanted.get("text") || "").split(/\s+/).filter(Boolean);
    let number = 0;
    for (const finding of findings) {
      const data = finding.dataset;
      const fits =
        (!verdicts.size || verdicts.has(data.verdict)) &&
        (!unit || data.unit === unit) &&
        (!duty || data.duty === duty) &&
        (!person || data.person.split(" ").includes(person)) &&
        words.every((word) => textOf(finding).includes(word));
      finding.hidden = !fits;
      number += fits ? 1 : 0;
    }
    for (const each of units) {
      each.hidden = !each.querySelector("details.finding:not([hidden])");
    }
    none.hidden = number > 0;
    shown.textContent = shown.dataset.text
      .replace("{n}", said(number))
      .replace("{all}", said(findings.length));
  };

  const clear = () => {
    form.reset();
    filter();
  };

  // Goes to what `#name` names: opens what it stands in, and shows it if a filter hid it.
  const visit = (name) => {
    const target = name && document.getElementById(name);
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    target.scrollIntoView({ block: "start" });
    const focus = target.tagName === "DETAILS" ? target.firstElementChild : target;
    if (focus.tagName !== "SUMMARY") focus.setAttribute("tabindex", "-1");
    focus.focus({ preventScroll: true });
  };
  const named = (link) => decodeURIComponent(link.hash.slice(1));

  // A link that filters names what it asks for; everything else is cleared.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const asked = ["unit", "duty", "person"].filter((name) => link.dataset[name]);
    if (asked.length) {
      form.reset();
      for (const name of asked) form.elements[name].value = link.dataset[name];
      filter();
    }
    if (link.hash === location.hash) {
      event.preventDefault(); // The address does not change, so nobody would tell us.
      visit(named(link));
    }
  });
  window.addEventListener("hashchange", () => visit(named(location)));

  let waiting = 0;
  const later = (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, event.target.type === "search" ? 150 : 0);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later); // Not every way to choose from a list is an input.
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter, 0));

  const open = (state) => {
    for (const finding of findings) if (!finding.hidden) finding.open = state;
  };
  document.getElementById("open-all").addEventListener("click", () => open(true));
  document.getElementById("close-all").addEventListener("click", () => open(false));

  // The label of a cell as a tooltip, without writing each twice.
  const map = document.getElementById("map");
  if (map) {
    map.addEventListener("mouseover", (event) => {
      const cell = event.target.closest("[aria-label]");
      if (cell && cell.closest("table")) cell.title = cell.getAttribute("aria-label");
    });
  }

  // On paper nothing can be opened.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
    closed = [];
  });

  form.hidden = false;
  for (const act of document.querySelectorAll(".act")) act.hidden = false;
  filter();
  // The browser goes to the link by itself when all is loaded, and would take the focus away.
  window.addEventListener("load", () => setTimeout(() => visit(named(location)), 0));
})();
