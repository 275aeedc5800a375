// Makes elements. Text is never read as markup, and invisible characters are shown as escapes.

import { visible } from "./visible.js";

// Attributes whose text people see or hear.
const READ = new Set(["aria-label", "aria-valuetext", "placeholder", "title"]);

export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name === "value" || name === "checked" || name === "selected") made[name] = value;
    else if (name === "data") Object.assign(made.dataset, value);
    else if (READ.has(name)) made.setAttribute(name, visible(value));
    else made.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  const there = children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false);
  made.append(...there.map((each) => (each instanceof Node ? each : visible(each))));
  return made;
}

// A message: what it has between backticks as code.
export const message = (words) => String(words).split("`").map((part, number) => (number % 2 ? h("code", {}, part) : part));

export const byId = (id) => document.getElementById(id);

export const button = (words, onclick, props = {}) => h("button", { type: "button", onclick, ...props }, words);

export const option = (value, words, selected = false) => h("option", { value, selected }, words);

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// Puts new content in place, and keeps the focus on the same element or, if that is gone, on what is open.
export function put(into, ...content) {
  const active = document.activeElement, inside = into !== active && into.contains(active);
  const had = inside && (active.dataset.key || active.id), scrolled = into.scrollTop;
  into.replaceChildren(...content.flat(Infinity).filter(Boolean));
  into.scrollTop = scrolled;
  if (!inside) return;
  const again = had && [...into.querySelectorAll("[data-key], [id]")].find((each) => each.dataset.key === had || each.id === had);
  const next = again && !again.disabled ? again : into.querySelector(".card.open .head") || (into.tabIndex >= 0 ? into : into.querySelector("button:not(:disabled), input"));
  next?.focus({ preventScroll: true });
}

const PAGE = 100;
const shownOf = new Map();

// A list of cards. If there are very many, only the first are shown, with a button for more.
export function cards(name, items, made, more) {
  const most = shownOf.get(name) || PAGE, left = items.length - most;
  return [
    h("ul", { class: "cards" }, items.slice(0, most).map(made)),
    left > 0 && button(`Show ${Math.min(left, PAGE)} more of ${left.toLocaleString("en")}`, () => { shownOf.set(name, most + PAGE); more(); }, { data: { key: `more ${name}` } }),
  ];
}

let announcing = 0;
// Shows an error at the top of the page until the next request; without words, hides it.
export function trouble(words) {
  byId("trouble").textContent = visible(words);
  byId("trouble").hidden = !words;
}

export function announce(words) {
  clearTimeout(announcing);
  announcing = setTimeout(() => { byId("told").textContent = visible(words); }, 60);
}
