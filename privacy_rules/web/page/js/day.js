// The day: a slider and steps from one day on which a verdict changes to the next, and a field for any day.

import { call, isAlone } from "./api.js";
import { button, byId, h, put } from "./dom.js";
import { state, tell, today, tryOut } from "./state.js";

const MS = 86_400_000;
const number = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / MS);
const text = (count) => new Date(count * MS).toISOString().slice(0, 10);
let waiting = 0;
let known = { of: null, days: [] }; // the days on which a verdict changes, and the changes that they are of

// Asks for the days on which a verdict changes, once for each change set.
export async function askDays() {
  const of = JSON.stringify(state.changes);
  if (isAlone || known.of === of) return;
  known = { of, days: known.days };
  try {
    const { days } = await call("/days", { changes: state.changes });
    if (known.of === of) { known = { of, days }; tell("days"); }
  } catch { if (known.of === of) known = { of: null, days: known.days }; } // what is wrong with the changes is shown where they are judged
}

// The days that the slider stops at: those on which a verdict changes, the day of the start, and the one that was typed.
const stops = () => [...new Set([...known.days, state.session.as_of, today()])].sort();

export function showDay() {
  if (isAlone) { put(byId("day"), h("p", { class: "dim" }, `Checked for ${today()}. `, h("span", { class: "more" }, "To try changes and other days, run ", h("code", {}, "privacy-rules explore"), "."))); return; }
  const days = stops(), now = number(today()), turning = known.days.map(number);
  const next = (by) => (by > 0 ? turning.find((each) => each > now) : turning.findLast((each) => each < now));
  const step = (by, words, label) => button(words, () => go(text(next(by))), { "aria-label": label, disabled: next(by) === undefined, data: { key: label } });
  put(byId("day"),
    h("label", {}, "Day ", h("input", { type: "date", id: "day-field", required: true, value: today(), min: "0001-01-01", max: "9999-12-31", onchange: ({ target }) => { if (target.value) go(target.value); } })),
    step(-1, "‹", "To the previous day on which a verdict changes"),
    h("input", { type: "range", id: "day-slider", min: 0, max: days.length - 1, step: 1, value: days.indexOf(today()), disabled: days.length < 2, "aria-label": "Day on which a verdict changes", "aria-valuetext": today(), oninput: ({ target }) => slide(target, days) }),
    step(1, "›", "To the next day on which a verdict changes"),
    button("Reset", () => go(state.session.as_of), { hidden: today() === state.session.as_of, class: "small" }));
}

function slide(slider, days) {
  const day = days[Number(slider.value)];
  byId("day-field").value = day;
  slider.setAttribute("aria-valuetext", day);
  clearTimeout(waiting);
  waiting = setTimeout(() => go(day), 140);
}

function go(day) {
  clearTimeout(waiting); // what the slider was about to do
  if (day !== today()) tryOut({ day: day === state.session.as_of ? null : day });
}
