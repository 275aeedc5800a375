// The picture of the flows: puts it in place, lights up what is chosen, pales what is filtered out, and can be walked by keyboard.

import { announce, byId } from "./dom.js";
import { entries, findingFits, flowFits, isFiltered, record, value, wordsFit } from "./findings-of.js";
import { fitted as fitting, LEAST, scaleIn } from "./fitting.js";
import { focusOf } from "./folding.js";
import { canShowAll, usualView } from "./grouping.js";
import { highlighted } from "./highlight.js";
import { SMALL } from "./layout.js";
import { look, see, state } from "./state.js";
import { visible } from "./visible.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const POINTED = 8; // lines

let drawn = []; // what the picture is of
let placed = null; // the picture as laid out
let svg, boxes, arrows, singles, homes, groups; // elements; of each system its own box or the one that it is in; what a box is of
let scale = 1, fitted = "width"; // "width", "all", or null if somebody zoomed
let at = null, from = null; // what the keyboard is at, and the box whose flows it follows

const words = new Map();
const stage = () => byId("graph");
const ends = (arrow) => [arrow.dataset.source, arrow.dataset.target];
const flowsOf = (arrow) => JSON.parse(arrow.dataset.flows);
const isBox = (each) => each.classList.contains("box");
const isFold = (each) => each.classList.contains("folded");
const systemOf = (box) => JSON.parse(box.dataset.systems)[0];

export function begin() {
  const into = stage();
  into.addEventListener("keydown", walk);
  into.addEventListener("pointerover", ({ target }) => point(target.closest("g.box, g.arrow")));
  into.addEventListener("pointerleave", () => point(null));
  into.addEventListener("focusin", ({ target }) => { if (target.matches("g.box, g.arrow")) { stop(target); point(target); } });
  into.addEventListener("focusout", () => point(null));
  into.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(scale * (event.deltaY < 0 ? 1.15 : 0.87));
  }, { passive: false });
  drag(into);
  byId("nearer").addEventListener("click", () => zoom(scale * 1.25));
  byId("farther").addEventListener("click", () => zoom(scale * 0.8));
  byId("folding").addEventListener("click", () => (isUsual() ? see({ open: [], all: !state.view.all, focus: [] }) : usual()));
  byId("fit").addEventListener("click", () => fit(fitted === "width" ? "all" : "width"));
  new ResizeObserver(resized).observe(into);
  draw(Boolean(state.chosen));
}

// Puts the picture in place if it is another one, and marks what is chosen and filtered. `isChosen`: whether something else is chosen.
export function draw(isChosen = false) {
  if (isChosen) takeOut();
  const now = [state.view, state.delta, state.estate];
  if (now.some((each, number) => each !== drawn[number])) place(now);
  mark();
  if (isChosen && state.chosen) scrollTo(svg.querySelectorAll(".lit, .chosen"));
}

// What is chosen is taken out of its groups, if it is folded.
function takeOut() {
  const focus = [...focusOf(state.chosen)], { view } = state;
  const isSeen = placed && state.chosen && focus.every((each) => singles.has(each) || !record("system", each));
  if (!isSeen && (focus.length || view.focus.length) && focus.join("\n") !== view.focus.join("\n")) state.view = { ...view, focus };
}

const room = () => ({ width: Math.max(240, stage().clientWidth - 6), height: Math.max(200, stage().clientHeight - 12) });

function place(now) {
  const had = at && stage().contains(document.activeElement) && at.dataset.id;
  drawn = now;
  placed = { ...fitting(room(), new Set(state.view.focus)), room: room() };
  const text = `<svg xmlns="http://www.w3.org/2000/svg" class="flows" viewBox="0 0 ${placed.width} ${placed.height}" role="group" aria-label="flows of the estate">${placed.svg}</svg>`;
  stage().replaceChildren(document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true));
  svg = stage().firstElementChild;
  [boxes, arrows] = ["g.box", "g.arrow"].map((each) => [...svg.querySelectorAll(each)]);
  const by = new Map(boxes.map((each) => [each.dataset.id, each]));
  singles = new Map(boxes.filter((each) => !isFold(each)).map((each) => [systemOf(each), each]));
  homes = new Map(placed.picture.boxes.flatMap((each) => each.systems.map((system) => [system, by.get(visible(each.id))])));
  groups = new Map(placed.picture.boxes.map((each) => [by.get(visible(each.id)), each]));
  byId("folding").textContent = isUsual() ? (state.view.all ? "Fold all" : "Every system") : "Usual view";
  byId("folding").hidden = isUsual() && !canShowAll();
  byId("about").textContent = placed.about;
  stage().setAttribute("aria-label", `flows: ${placed.about}`);
  for (const each of arrows) {
    const line = each.querySelector("path"), hit = line.cloneNode();
    hit.setAttribute("class", "hit");
    line.before(hit);
  }
  for (const each of [...boxes, ...arrows]) {
    const title = each.querySelector("title");
    words.set(each, title.textContent.split("\n"));
    title.remove(); // it is shown in the stage
    each.setAttribute("tabindex", "-1");
    each.setAttribute("role", "button");
    each.setAttribute("aria-label", wordsOf(each).slice(0, 2).join(", ").slice(0, 200) + (isFold(each) ? ", folded" : ""));
  }
  at = null;
  stop(boxes.find((each) => each.dataset.id === had) ?? boxes[0]);
  if (had) at?.focus({ preventScroll: true });
  fit(scaleIn(placed, room()) * SMALL >= LEAST ? "all" : "width");
}

const wordsOf = (each) => words.get(each) ?? [];

function stop(each) {
  at?.setAttribute("tabindex", "-1");
  at = each;
  at?.setAttribute("tabindex", "0");
}

// How large it is.

export function fit(how) {
  const { width } = svg.viewBox.baseVal, wide = room().width / width;
  if (!stage().clientWidth) return;
  zoom(how === "all" ? scaleIn(placed, room()) : Math.min(1.6, Math.max(wide, LEAST / SMALL)));
  fitted = how;
  byId("fit").setAttribute("aria-label", how === "all" ? "Fit to the width" : "Show everything");
}

// What fits elsewhere may be more or less.
function resized() {
  const { width, height } = room(), before = placed.room, isOther = Math.abs(width / before.width - 1) > 0.12 || Math.abs(height / before.height - 1) > 0.12;
  if (isOther && !state.view.all) { place(drawn); mark(); } else if (fitted) fit(fitted);
}

function zoom(to) {
  const into = stage(), before = scale, x = into.scrollLeft + into.clientWidth / 2, y = into.scrollTop + into.clientHeight / 2;
  scale = Math.min(5, Math.max(0.1, to));
  fitted = null;
  svg.style.width = `${Math.floor(svg.viewBox.baseVal.width * scale)}px`;
  svg.style.setProperty("--least", `${Math.max(SMALL, LEAST / scale)}px`);
  svg.classList.toggle("detail", scale > 0.98);
  svg.classList.toggle("far", scale < 0.3); // readable words would cover the boxes
  into.scrollTo((x * scale) / before - into.clientWidth / 2, (y * scale) / before - into.clientHeight / 2);
}

// What is lit, and what is pale.

function mark() {
  const wanted = highlighted(), systems = wanted && new Set([...wanted.systems].map(boxOf)), fitting = isFiltered() ? fittingNow() : null;
  const chosen = chosenElement();
  for (const each of arrows) {
    const flows = flowsOf(each), isLit = Boolean(wanted) && flows.some((flow) => wanted.flows.has(flow));
    toggle(each, { lit: isLit, glow: isLit && wanted.path, pale: Boolean(wanted) && !isLit, chosen: each === chosen });
    const wrong = fitting && flows.some((flow) => fitting.flows.has(flow));
    toggle(each, { unfit: Boolean(fitting) && !wrong && !flows.some(fitting.fits), aside: Boolean(fitting) && !wrong && isBad(each) });
  }
  const near = new Set(arrows.filter((each) => !each.classList.contains("unfit")).flatMap(ends));
  for (const each of boxes) {
    const isLit = Boolean(wanted) && systems.has(each);
    toggle(each, { lit: isLit, glow: isLit && wanted.path, pale: Boolean(wanted) && !isLit, chosen: each === chosen });
    const wrong = fitting && (isFold(each) ? isBad(each) : fitting.systems.has(systemOf(each)));
    toggle(each, { unfit: Boolean(fitting) && !wrong && !near.has(each.dataset.id) && !fitting.has(each), aside: Boolean(fitting) && !wrong && isBad(each) });
  }
}

const toggle = (each, classes) => Object.entries(classes).forEach(([name, on]) => each.classList.toggle(name, on));
const isBad = (each) => each.matches(".violation, .undetermined");

// What the filter lets through: flows and systems of findings, and whatever else has the words.
function fittingNow() {
  const { party, data, purpose, rule, verdict } = state.filters, found = { flows: new Set(), systems: new Set() };
  for (const entry of entries().filter((each) => each.became !== "goes" && !each.finding.waived && findingFits(each))) {
    const { kind, id } = entry.finding.subject;
    for (const each of [...entry.finding.path, ...(kind === "flow" ? [id] : [])]) found.flows.add(each);
    if (["system", "storage", "joining", "use", "derivation"].includes(kind)) found.systems.add(id);
  }
  const fits = (flow) => {
    const now = record("flow", flow), before = record("flow", flow, state.start);
    return !rule && !verdict && (now ? flowFits(now) : Boolean(before) && flowFits(before, state.start));
  };
  const has = (box) => !data && !purpose && !rule && !verdict && (!party || box.dataset.lane === party) && wordsFit(wordsOf(box).join(" "));
  return { ...found, fits, has };
}

const boxOf = (system) => homes.get(system);

function chosenElement() {
  const { kind, id } = state.chosen ?? {};
  if (kind === "system") return boxOf(id);
  if (kind === "flow") return arrows.find((each) => flowsOf(each).includes(id));
  return kind === "party" ? boxes.find((each) => isFold(each) && groups.get(each).lane === id) : null;
}

function scrollTo(several) {
  if (!several.length) return;
  const into = stage(), room = into.getBoundingClientRect(), all = [...several].map((each) => each.getBoundingClientRect());
  const box = { left: Math.min(...all.map((each) => each.left)), right: Math.max(...all.map((each) => each.right)), top: Math.min(...all.map((each) => each.top)), bottom: Math.max(...all.map((each) => each.bottom)) };
  const over = (start, end, low, high) => (start >= low && end <= high ? 0 : end - start < high - low ? (start + end - low - high) / 2 : start - low - 10);
  into.scrollBy(over(box.left, box.right, room.left, room.right), over(box.top, box.bottom, room.top, room.bottom));
}

function point(each) {
  const told = byId("pointed");
  told.hidden = !each;
  if (!each) return;
  const lines = wordsOf(each), more = lines.length - POINTED;
  told.textContent = [...lines.slice(0, POINTED), ...(more > 0 ? [`and ${more} more lines`] : [])].join("\n");
  const room = stage().getBoundingClientRect(), box = each.getBoundingClientRect();
  told.classList.toggle("low", box.top < room.top + room.height / 2);
}

// What a click or a key does.

function choose(each) {
  if (isBox(each) && isFold(each)) unfold(groups.get(each).key);
  else if (isBox(each)) look({ chosen: { kind: "system", id: systemOf(each) }, tab: "estate", section: "systems" });
  else if (flowsOf(each).length === 1) look({ chosen: { kind: "flow", id: flowsOf(each)[0] }, tab: "estate", section: "flows", only: null });
  else look({ chosen: { kind: "flows", id: each.dataset.id }, tab: "estate", section: "flows", only: { title: wordsOf(each)[0], flows: flowsOf(each) } });
}

function unfold(key) {
  const { all, open } = state.view;
  if (state.chosen) look({ chosen: null, only: null });
  see({ open: all ? open.filter((each) => each !== `-${key}`) : [...open, key], focus: [] });
  goTo(boxes.find((each) => groups.get(each).group?.startsWith(key)) ?? boxes[0]);
}

// Folds the group that a box is in; what was open in it is folded too.
function fold(key) {
  const { all, open } = state.view, id = at.dataset.id;
  if (key === null) return;
  see({ open: all ? [...open, `-${key}`] : open.filter((each) => !each.startsWith(key)), focus: [] });
  goTo(boxes.find((each) => groups.get(each).key === key) ?? boxes.find((each) => each.dataset.id === id) ?? boxes[0]);
}

const isUsual = () => !state.view.open.length && !state.view.focus.length && state.view.all === usualView().all;

function usual() {
  const system = placed.picture.boxes.find((each) => visible(each.id) === at.dataset.id)?.systems[0];
  see({ ...usualView(), by: state.view.by });
  goTo(boxOf(system) ?? boxes[0]);
}

function walk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !at) return;
  const done = {
    "+": () => zoom(scale * 1.25), "=": () => zoom(scale * 1.25), "-": () => zoom(scale * 0.8), 0: () => fit("width"), a: () => fit("all"), Escape: () => look({ chosen: null, only: null }),
    Enter: () => choose(at), " ": () => choose(at), u: usual, f: () => nextFlow(1), F: () => nextFlow(-1),
    x: () => { if (isBox(at)) { if (isFold(at)) choose(at); else fold(groups.get(at).group); } },
  }[event.key];
  if (STEPS[event.key]) step(...STEPS[event.key]);
  else if (done) done();
  else return;
  event.preventDefault();
}

function goTo(each) {
  each.focus({ preventScroll: true });
  scrollTo([each]);
  announce(wordsOf(each).slice(0, 3).join(", "));
}

function middle(each) {
  const { left, top, width, height } = each.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

function step(dx, dy) {
  const start = isBox(at) ? at : boxes.find((each) => each.dataset.id === ends(at)[0]), here = middle(start);
  let best = null, least = Infinity;
  for (const each of boxes) {
    const there = middle(each), [x, y] = [there[0] - here[0], there[1] - here[1]];
    const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along > 5 && along + 2.5 * aside < least) [best, least] = [each, along + 2.5 * aside];
  }
  if (best) goTo(best);
}

function nextFlow(by) {
  if (isBox(at)) from = at;
  if (!from) return;
  const mine = arrows.filter((each) => ends(each).includes(from.dataset.id)), place = mine.indexOf(at);
  if (mine.length) goTo(mine[place < 0 ? (by > 0 ? 0 : mine.length - 1) : (place + by + mine.length) % mine.length]);
}

// A click chooses, a drag of the mouse moves the picture; a finger scrolls it by itself.
function drag(into) {
  let held = null, isMoved = false;
  into.addEventListener("pointerdown", (event) => {
    isMoved = false;
    held = event.pointerType === "mouse" && event.button === 0 ? [event.clientX, event.clientY, into.scrollLeft, into.scrollTop] : null;
  });
  window.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (!held) return;
    if (Math.abs(clientX - held[0]) + Math.abs(clientY - held[1]) > 5) isMoved = true;
    into.classList.toggle("held", isMoved);
    if (isMoved) into.scrollTo(held[2] - clientX + held[0], held[3] - clientY + held[1]);
  });
  window.addEventListener("pointerup", () => { held = null; into.classList.remove("held"); });
  into.addEventListener("click", ({ target }) => {
    if (isMoved) { isMoved = false; return; }
    const each = target.closest("g.box, g.arrow");
    if (each) choose(each);
    else look({ chosen: null, only: null });
  });
}
