"use strict";
(() => {
  const KEY = "daily-papers";
  const MARKS = ["starred", "read"];
  const byId = (id) => document.getElementById(id);
  const tools = byId("tools");
  const filter = byId("filter");
  document.documentElement.classList.add("scripted");
  tools.hidden = false;

  /* What the reader marked, by identifier, and whether the keys are used; and whether the browser keeps it. */
  const kept = { starred: new Set(), read: new Set(), keys: true };
  let lasts = true;

  function load() {
    let stored;
    try {
      stored = JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return; /* Refused, or not ours. */
    }
    if (!lasts) return;
    for (const mark of MARKS) {
      kept[mark] = new Set(Array.isArray(stored[mark]) ? stored[mark].filter((id) => typeof id === "string") : []);
    }
    kept.keys = stored.keys !== false;
  }

  function save() {
    try {
      localStorage.setItem(KEY, JSON.stringify({ starred: [...kept.starred], read: [...kept.read], keys: kept.keys }));
    } catch {
      lasts = false;
      byId("refused").hidden = false;
    }
  }

  /* Text as it is searched: without case and accents. */
  function folded(text) {
    return text.toLowerCase().replace(/[^\x00-\x7f]+/g, (run) => run.normalize("NFKD").replace(/\p{M}/gu, ""));
  }

  /* A paper: its element, identifier and keywords, its buttons, and the text that it is searched in, made once. */
  class Paper {
    constructor(element, marks) {
      this.element = element;
      this.id = element.id;
      this.title = element.querySelector("h3").textContent;
      this.keywords = element.dataset.keywords.split(" ");
      element.tabIndex = -1;
      this.buttons = {};
      for (const button of marks.querySelectorAll("button")) {
        const mark = button.dataset.mark;
        button.title = mark === "starred" ? "Star" : "Read";
        button.setAttribute("aria-label", `${button.title}: ${this.title}`);
        this.buttons[mark] = button;
      }
      element.querySelector("h3").after(marks);
    }

    get text() {
      if (this.found === undefined) {
        const texts = [this.id, this.title];
        for (const part of this.element.children) {
          if (part.className === "authors" || part.className === "note") texts.push(part.textContent);
          else if (part.className === "abstract") texts.push(part.lastElementChild.textContent);
          else if (part.className === "facts") {
            for (const fact of part.children) {
              if (fact.className === "venue" || fact.className === "categories") texts.push(fact.textContent);
            }
          }
        }
        this.found = folded(texts.join("\n"));
      }
      return this.found;
    }

    show() {
      for (const mark of MARKS) {
        const is = kept[mark].has(this.id);
        this.element.classList.toggle(mark, is);
        this.buttons[mark].setAttribute("aria-pressed", is);
      }
    }
  }

  let papers = [];
  let byElement = new Map();
  const sections = [];

  function start() {
    load();
    const marks = byId("marks").content.firstElementChild;
    papers = [...document.querySelectorAll("article")].map((element) => new Paper(element, marks.cloneNode(true)));
    byElement = new Map(papers.map((paper) => [paper.element, paper]));
    for (const element of document.querySelectorAll("section")) {
      const articles = [...element.querySelectorAll("article")];
      sections.push([element, articles]);
      /* About how high it is while it is out of sight. */
      element.style.containIntrinsicSize = `auto ${articles.length * 11}rem`;
    }
    byId("keys").checked = kept.keys;
    papers.forEach((paper) => paper.show());
    count();
    apply();
    prepare(0);
  }

  /* Makes the searched texts while nothing else is to be done. */
  function prepare(from) {
    const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
    idle(() => {
      const to = Math.min(from + 50, papers.length);
      for (let at = from; at < to; at++) void papers[at].text;
      if (to < papers.length) prepare(to);
    });
  }

  function chosen(name) {
    return tools.querySelector(`input[name=${name}]:checked`)?.value ?? "";
  }

  /* Shows the papers that fit what is chosen, and says how many. */
  function apply() {
    const words = folded(filter.value).split(/\s+/).filter(Boolean);
    const keyword = chosen("keyword");
    const view = chosen("view");
    let shown = 0;
    for (const paper of papers) {
      const fits =
        (keyword === "" || paper.keywords.includes(keyword)) &&
        (view !== "starred" || kept.starred.has(paper.id)) &&
        (view !== "unread" || !kept.read.has(paper.id)) &&
        words.every((word) => paper.text.includes(word));
      if (paper.element.hidden === fits) paper.element.hidden = !fits;
      shown += fits;
    }
    for (const [element, articles] of sections) element.hidden = articles.every((article) => article.hidden);
    const all = papers.length === 1 ? "1 paper" : `${papers.length.toLocaleString("en")} papers`;
    byId("shown").textContent = shown === papers.length ? all : `${shown.toLocaleString("en")} of ${all}`;
    byId("none").hidden = shown > 0 || papers.length === 0;
  }

  function count() {
    byId("starred").textContent = papers.filter((paper) => kept.starred.has(paper.id)).length;
    byId("unread").textContent = papers.filter((paper) => !kept.read.has(paper.id)).length;
  }

  /* What is marked stays in sight until something else is chosen. */
  function toggle(paper, mark) {
    load(); /* Another window may have marked something. */
    if (!kept[mark].delete(paper.id)) kept[mark].add(paper.id);
    save();
    paper.show();
    count();
  }

  function showAll() {
    filter.value = "";
    for (const first of tools.querySelectorAll("input[value=''], input[value=all]")) first.checked = true;
    apply();
    filter.focus();
  }

  /* The first paper whose title the reader sees; days above are not asked for theirs, which would lay them out. */
  function inSight() {
    const top = (element) => element.getBoundingClientRect().top;
    const days = sections.filter(([element]) => !element.hidden && element.getBoundingClientRect().bottom > 0);
    return days.flatMap(([, articles]) => articles).find((article) => !article.hidden && top(article) >= 0);
  }

  function move(step) {
    const shown = papers.map((paper) => paper.element).filter((element) => !element.hidden);
    const current = shown.indexOf(document.activeElement.closest("article"));
    const at = current < 0 ? shown.indexOf(inSight()) - (step < 0 ? 1 : 0) : current + step;
    const element = shown[at];
    if (!element) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && event.target === filter && filter.value) {
      filter.value = "";
      apply();
      return;
    }
    if (!kept.keys || event.target.matches("input[type=search]")) return;
    const paper = byElement.get(document.activeElement.closest("article"));
    const abstract = paper?.element.querySelector(".abstract");
    if (event.key === "/") filter.focus();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "s" && paper) toggle(paper, "starred");
    else if (event.key === "r" && paper) toggle(paper, "read");
    else if (event.key === "a" && abstract) abstract.open = !abstract.open;
    else return;
    event.preventDefault();
  }

  filter.addEventListener("input", apply);
  tools.addEventListener("change", (event) => {
    if (event.target.id === "keys") {
      kept.keys = event.target.checked;
      save();
    } else {
      apply();
    }
  });
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".marks button");
    if (button) toggle(byElement.get(button.closest("article")), button.dataset.mark);
    else if (event.target.closest("#none button")) showAll();
  });
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY && event.key !== null) return;
    load();
    papers.forEach((paper) => paper.show());
    count();
  });
  document.addEventListener("DOMContentLoaded", start);
})();
