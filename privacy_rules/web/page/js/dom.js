// Makes elements. Text is only ever text: what a name says is never read as markup, and what nobody sees is shown as an escape.

// Control characters, marks that change the text direction, and characters without width; as privacy_rules/source/invisible.py.
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

export const visible = (text) => String(text).replace(INVISIBLE, (each) => `\\u${each.codePointAt(0).toString(16).padStart(4, "0")}`);

export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name === "value" || name === "checked" || name === "selected") made[name] = value;
    else if (name === "data") Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  const there = children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false);
  made.append(...there.map((each) => (each instanceof Node ? each : visible(each))));
  return made;
}

export const byId = (id) => document.getElementById(id);

export const button = (words, onclick, props = {}) => h("button", { type: "button", onclick, ...props }, words);

export const option = (value, words, selected = false) => h("option", { value, selected }, words);

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// Puts new content in place, and gives the focus back to what stands where the focus was; where that is gone, to what is open.
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

// A list of cards, of very many only the first, with a way to more.
export function cards(name, items, made, more) {
  const most = shownOf.get(name) || PAGE, left = items.length - most;
  return [
    h("ul", { class: "cards" }, items.slice(0, most).map(made)),
    left > 0 && button(`Show ${Math.min(left, PAGE)} more of ${left.toLocaleString("en")}`, () => { shownOf.set(name, most + PAGE); more(); }, { data: { key: `more ${name}` } }),
  ];
}

let announcing = 0;
// What is wrong, above all else, until something else is asked for; nothing where there are no words.
export function trouble(words) {
  byId("trouble").textContent = visible(words);
  byId("trouble").hidden = !words;
}

export function announce(words) {
  clearTimeout(announcing);
  announcing = setTimeout(() => { byId("told").textContent = visible(words); }, 60);
}
