// The graph itself: draws the elements, lights up what is chosen, and can be walked by keyboard.

import cytoscape from "../vendor/cytoscape.esm.min.mjs";
import { MOST, bend } from "./bending.js";
import { announce, byId, visible } from "./dom.js";
import { elements, folded, foldWhereMany, lit } from "./elements.js";
import { styleOf } from "./graph-style.js";
import { extent, fromAfar, label, labelOne } from "./labelling.js";
import { strand } from "./labels.js";
import { LABEL, NAME, NODE, place } from "./layout.js";
import { look, state } from "./state.js";

let graph = null;
let places = new Map();
let at = null; // the element that the keyboard is at
let sight = "all"; // what the stage shows: "all", what is "lit", or what somebody went to by their "own" hand

const ROOM = { most: 50, part: 0.07 }; // around what is lit: so much, or that part of a small stage
const MARGIN = { side: 14, top: 46, bottom: 34 };

const SECTION = { party: "parties", system: "systems", flow: "flows" };

export function begin() {
  const container = byId("graph");
  foldWhereMany(state.start);
  places = place(state.start, folded);
  graph = cytoscape({ container, style: styleOf(document.documentElement), minZoom: 0.08, maxZoom: 3, autounselectify: true, boxSelectionEnabled: false });
  graph.on("tap", "node, edge", ({ target }) => choose(target));
  graph.on("tap", ({ target }) => { if (target === graph) look({ chosen: null }); });
  graph.on("dbltap", "node.party", ({ target }) => fold(target.data("name")));
  graph.on("mouseover", "node, edge", ({ target }) => { labelOne(graph, target); target.addClass("named"); point(target); });
  graph.on("mouseout", "node, edge", ({ target }) => { target.removeClass("named"); point(null); });
  graph.on("drag", "node", placeCaptions);
  graph.on("zoom", () => fromAfar(graph));
  graph.on("scrollzoom pinchzoom dragpan", () => { sight = "own"; });
  graph.on("dragfree", "node", () => {
    for (const each of graph.nodes(".system")) places.set(each.data("name"), { ...each.position() });
    bendAll();
    label(graph);
  });
  container.addEventListener("keydown", walk);
  container.addEventListener("blur", () => { at?.removeClass("at"); });
  container.addEventListener("focus", () => { if (at) goTo(at); });
  byId("nearer").addEventListener("click", () => zoom(1.25));
  byId("farther").addEventListener("click", () => zoom(0.8));
  byId("fit").addEventListener("click", fitAll);
  new ResizeObserver(resized).observe(container);
  draw();
  fitAll();
}

export const restyle = () => graph?.style(styleOf(document.documentElement));

// In a stage of another size, the same is in sight: all, what is lit, or the middle of what somebody went to.
function resized() {
  const before = { x: graph.width() / 2, y: graph.height() / 2 }, { x, y } = graph.pan();
  graph.resize();
  if (sight === "all") fitAll();
  else if (sight === "lit" && graph.elements(".lit, .chosen").nonempty()) graph.fit(graph.elements(".lit, .chosen"), room());
  else graph.pan({ x: x + graph.width() / 2 - before.x, y: y + graph.height() / 2 - before.y });
}

const room = () => Math.min(ROOM.most, ROOM.part * Math.min(graph.width(), graph.height()));

// All groups, with room above for what is pointed at and below for the legend.
export function fitAll() {
  if (!graph.width()) return;
  sight = "all";
  const drawn = extent(graph, true);
  if (!drawn) return;
  const { x1: left, x2: right, y1: top, y2: bottom } = drawn;
  const room = { x: graph.width() - 2 * MARGIN.side, y: graph.height() - MARGIN.top - MARGIN.bottom };
  const level = Math.min(room.x / (right - left), room.y / (bottom - top), 1.2);
  graph.viewport({
    zoom: level,
    pan: { x: MARGIN.side + (room.x - (right + left) * level) / 2, y: MARGIN.top + (room.y - (bottom + top) * level) / 2 },
  });
}

function zoom(by) {
  sight = "own";
  graph.zoom({ level: graph.zoom() * by, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
}

export function draw() {
  const wanted = elements(), ids = new Set(wanted.map((each) => each.data.id));
  graph.batch(() => {
    graph.elements().filter((each) => !ids.has(each.id())).remove();
    for (const each of wanted) {
      const known = graph.getElementById(each.data.id);
      if (known.nonempty() && same(known, each)) {
        known.data(each.data);
        known.classes(each.classes);
      } else {
        known.remove();
        graph.add({ ...each, ...(each.data.source ? {} : { position: positionOf(each.data) }) });
      }
    }
  });
  for (const each of graph.nodes(".party").not(".folded")) each.data("high", inside(each.children()));
  placeCaptions();
  bendAll();
  if (at && document.activeElement === byId("graph")) at.addClass("at");
  light();
  const bad = wanted.filter((each) => each.classes.split(" ").includes("violation") && each.data.kind === "flow").length;
  byId("graph").setAttribute("aria-label", `${state.estate.systems.length} systems of ${state.estate.parties.length} parties, ${state.estate.flows.length} flows, ${bad} of them red`);
}

// Flows that share both ends fan out by themselves; one that is alone between them is bent around what stands in its way.
function bendAll() {
  const edges = graph.edges(".flow");
  if (edges.length > MOST) return;
  const spots = stops().map((each) => ({ id: each.id(), ...each.position() }));
  for (const each of edges) {
    if (each.isLoop()) { each.toggleClass("left", (each.data("nth") % 2 === 1) !== busierAtRight(each.source())); continue; }
    const alone = each.parallelEdges().length === 1;
    const ends = [each.source(), each.target()].map((end) => end.id());
    const distance = alone ? bend(ends.map((id) => spots.find((spot) => spot.id === id)), spots.filter(({ id }) => !ends.includes(id))) : 0;
    each.toggleClass("bent", distance !== 0);
    each.data("bend", distance);
  }
}

// Whether most flows of a system leave or reach it at its right: its loops are then at its left.
function busierAtRight(node) {
  const { x } = node.position(), sides = node.neighborhood().nodes().map((each) => Math.sign(each.position("x") - x));
  return sides.reduce((sum, each) => sum + each, 0) > 0;
}

// The name of a group stands above its systems, and above the flows that cross the group: they would run through the words.
function placeCaptions() {
  for (const each of graph.nodes(".caption")) {
    const spots = graph.getElementById(each.data("of")).children().map((child) => child.position());
    if (!spots.length) continue;
    const xs = spots.map((spot) => spot.x), top = Math.min(...spots.map((spot) => spot.y));
    each.position({ x: (Math.min(...xs) + Math.max(...xs)) / 2, y: top - NODE.height / 2 - LABEL + NAME / 2 - 2 });
  }
}

// How high a group is inside: its systems, and its name above them.
function inside(children) {
  const ys = children.map((each) => each.position("y"));
  return Math.max(...ys) - Math.min(...ys) + NODE.height + LABEL;
}

// Whether an element may stay: its ends and its group are the same.
function same(known, { data }) {
  return data.source ? known.data("source") === data.source && known.data("target") === data.target : known.data("parent") === data.parent;
}

function positionOf({ id, kind, name, parent }) {
  if (kind === "party") return folded.has(name) ? { ...(places.get(id) || { x: 0, y: 0 }) } : undefined;
  if (!places.has(name)) {
    const beside = graph.getElementById(parent).boundingBox();
    places.set(name, { x: (beside.x1 + beside.x2) / 2 || 0, y: (beside.y2 || 0) + 50 });
  }
  return { ...places.get(name) };
}

// Folds a party to one node, or unfolds it; then all stand anew.
export function fold(party) {
  if (folded.has(party)) folded.delete(party);
  else folded.add(party);
  places = place(state.start, folded);
  graph.elements().remove();
  draw();
  fitAll();
}

// Lights up what is chosen; all else becomes pale.
export function light() {
  const wanted = lit();
  graph.batch(() => {
    graph.elements().removeClass("lit path pale chosen");
    if (graph.scratch("far")) graph.edges().addClass("far");
    if (!wanted) return;
    for (const each of graph.elements(".system, .folded, .flow")) {
      if (wanted.ids.has(each.id()) || each.data("flows")?.some((flow) => wanted.ids.has(flow))) each.addClass(wanted.path ? "lit path" : "lit");
      else each.addClass("pale");
    }
    if (state.chosen.kind in SECTION) graph.getElementById(`${state.chosen.kind}:${state.chosen.id}`).addClass("chosen");
  });
  label(graph);
}

// Brings what is lit into sight, if it is not.
export function reveal() {
  const shown = graph.elements(".lit, .chosen");
  if (shown.empty()) return;
  const box = shown.renderedBoundingBox();
  const outside = box.x1 < 0 || box.y1 < 0 || box.x2 > graph.width() || box.y2 > graph.height();
  if (!outside && graph.zoom() >= 0.5) return;
  sight = "lit";
  graph.animate({ fit: { eles: shown, padding: room() } }, { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250 });
}

function choose(target) {
  const { kind, name } = target.data();
  if (kind === "flows" || !(kind in SECTION)) return;
  look({ chosen: { kind, id: name }, tab: "estate", section: SECTION[kind] });
}

function point(target) {
  const words = byId("pointed");
  words.hidden = !target;
  if (target) words.textContent = visible(wordsOf(target));
}

function wordsOf(target) {
  const { kind, name, label } = target.data();
  if (kind === "flow" || kind === "flows") return `${name ? `${name}: ` : ""}${label.replace("\n", " ")}, ${end(target.source())} → ${end(target.target())}`;
  return `${kind} ${label.replaceAll("\u200b", "").replace("\n", ": ")}`; // without the places to break
}

const end = (node) => node.data("name");

// By keyboard.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function walk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const done = {
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fitAll, Escape: () => look({ chosen: null }),
    Enter: () => at && choose(at), " ": () => at && choose(at), x: () => at?.isNode() && fold(at.hasClass("party") ? at.data("name") : at.parent().data("name")), f: () => nextFlow(1), F: () => nextFlow(-1),
  }[event.key];
  if (STEPS[event.key]) step(...STEPS[event.key]);
  else if (done) done();
  else return;
  event.preventDefault();
}

function goTo(target) {
  at?.removeClass("at");
  at = target;
  labelOne(graph, at);
  at.addClass("at");
  const spot = at.renderedBoundingBox();
  if (spot.x1 < 0 || spot.y1 < 0 || spot.x2 > graph.width() || spot.y2 > graph.height()) { sight = "own"; graph.center(at); }
  point(at);
  announce(wordsOf(at));
}

const stops = () => graph.nodes(".system, .folded");

function step(dx, dy) {
  if (!at || at.removed()) { if (stops().nonempty()) goTo(stops().first()); return; }
  const here = at.isNode() ? at.position() : at.source().position();
  let best = null, least = Infinity;
  for (const each of stops()) {
    const there = each.position(), [x, y] = [there.x - here.x, there.y - here.y];
    const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along > 5 && along + 2.5 * aside < least) [best, least] = [each, along + 2.5 * aside];
  }
  if (best) goTo(best);
}

let from = null;

function nextFlow(by) {
  if (!at) return;
  if (at.isNode()) from = at;
  const flows = from.connectedEdges().toArray();
  if (!flows.length) return;
  const number = at.isNode() ? (by > 0 ? 0 : flows.length - 1) : (flows.findIndex((each) => each.id() === at.id()) + by + flows.length) % flows.length;
  goTo(flows[number]);
}

export const level = () => graph.zoom();

// What is drawn, and where in the stage: for whoever opens the console, and for tests.
export function seen() {
  return Object.fromEntries(graph.elements().map((each) => {
    const { x, y } = each.isNode() ? each.renderedPosition() : each.renderedMidpoint();
    return [each.id(), { classes: each.classes(), label: each.data("label"), x, y, above: each.style("z-compound-depth") === "top", ...(each.isEdge() ? lineSeen(each) : { box: each.hasClass("caption") ? labelSeen(each) : null }) }];
  }));
}

// Where the line of a flow runs in the stage, from end to end, and the box of its label, if that is shown.
function lineSeen(edge) {
  const { x, y } = graph.pan(), zoom = graph.zoom(), line = (strand(edge)?.line || []).map((each) => ({ x: each.x * zoom + x, y: each.y * zoom + y }));
  return { line, box: edge.style("label") ? labelSeen(edge) : null };
}

function labelSeen(element) {
  const { x1, y1, x2, y2 } = element.renderedBoundingBox({ includeNodes: false, includeEdges: false, includeLabels: true, includeOverlays: false, includeUnderlays: false, includeOutlines: false });
  return { x1, y1, x2, y2 };
}
