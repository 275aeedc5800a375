// Makes elements. Text is never read as markup, and invisible characters are shown as escapes.

// Invisible characters, as in privacy_rules/source/invisible_characters.py: joiners and variation selectors stay where they have a visible effect.
const JOINING = "\\u0600-\\u0dff\\u0f00-\\u109f\\u1780-\\u18af", SELECTORS = "\\ufe0e\\ufe0f";
const EMOJI = "\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u23ff\\u24c2\\u25a0-\\u27bf\\u2900-\\u297f\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299\\u{1f000}-\\u{1faff}";
const INVISIBLE = new RegExp([
  "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ud800-\\udfff\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]",
  `(?<![${EMOJI}${SELECTORS}${JOINING}])\\u200d`, `(?<=[${EMOJI}${SELECTORS}])\\u200d(?![${EMOJI}])`,
  `(?<=[${JOINING}])[\\u200c\\u200d](?![${JOINING}])`, `(?<![${JOINING}])\\u200c`,
  `(?<![${EMOJI}0-9#*])[${SELECTORS}]`, `(?<=[0-9#*])[${SELECTORS}](?!\\u20e3)`,
].join("|"), "gu");

export const visible = (text) => String(text).replace(INVISIBLE, (each) => `\\u${each.codePointAt(0).toString(16).padStart(4, "0")}`);

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
