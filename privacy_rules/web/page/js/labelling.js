// Puts the labels of the drawn flows where they cover nothing that has to be seen, and tells how far the drawing reaches.

import { MOST } from "./bending.js";
import { boxOf, measure, placed, strand } from "./labels.js";
import { LABEL, NODE, PAD } from "./layout.js";

const LEAST_ZOOM = 0.6; // below, only what is lit or pointed at has its label
const MOST_LABELLED = 200; // of more flows hardly a label has a place
const HARD = 1000, SOFT = 30;
const RANK = ["violation", "undetermined", "new"];

const family = () => getComputedStyle(document.documentElement).fontFamily;
const rank = (edge) => (RANK.findIndex((each) => edge.hasClass(each)) + RANK.length + 1) % (RANK.length + 1);

// All labels; where something is lit, only those of what is lit.
export function label(graph) {
  const all = graph.edges(".flow"), lit = all.filter(".lit"), mine = lit.nonempty() ? lit : all;
  if (mine.length > MOST_LABELLED) {
    graph.batch(() => all.addClass("bare"));
    return;
  }
  arrange(graph, mine, lit.nonempty());
}

// The label of one flow that has none yet.
export function labelOne(graph, edge) {
  if (edge.isEdge() && edge.data("labelX") === undefined) arrange(graph, edge, true);
}

function arrange(graph, edges, must) {
  const strands = new Map(edges.map((each) => [each, strand(each)]).filter(([, each]) => each));
  for (const each of strands.values()) each.must = must;
  const font = family(), order = [...strands].sort(([a, one], [b, other]) => rank(a) - rank(b) || one.line.length - other.line.length || long(one) - long(other) || (one.id < other.id ? -1 : 1));
  const wanted = order.map(([edge, each]) => ({ strand: each, size: measure(edge.data("label"), font), middle: edge.midpoint() }));
  const found = placed(wanted, { strands: [...strands.values()], boxes: [...systems(graph, must), ...captions(graph, font)], bounds: extent(graph) });
  graph.batch(() => {
    for (const [edge, each] of strands) {
      const { x, y, clear, box } = found.get(each.id);
      edge.data({ labelX: x, labelY: y }).toggleClass("bare", !clear).scratch("label", clear ? box : null);
    }
  });
}

const long = ({ box }) => Math.hypot(box.x2 - box.x1, box.y2 - box.y1);

const systems = (graph, must) => graph.nodes(".system, .folded").map((each) => ({ box: boxOf(each.position(), each.hasClass("folded") ? { width: 158, height: 64 } : NODE), price: must && !each.hasClass("lit") ? SOFT : HARD }));

const captions = (graph, font) => graph.nodes(".caption").map((each) => {
  const { w, h } = measure(each.data("label"), font);
  return { box: boxOf(each.position(), { width: w * 1.1, height: h * 1.1 }), price: HARD };
});

// All groups, and the flows that bend around them; with labels, too, if these are placed.
export function extent(graph, withLabels = false) {
  const spots = graph.nodes(".system, .folded").map((each) => each.position());
  if (!spots.length) return null;
  const edges = graph.edges(".flow"), labels = withLabels ? edges.map((each) => each.scratch("label")) : [];
  const boxes = edges.length > MOST ? [] : [...edges.map((each) => strand(each)?.box), ...labels].filter(Boolean);
  const [xs, ys] = [spots.map((each) => each.x), spots.map((each) => each.y)];
  return {
    x1: Math.min(Math.min(...xs) - NODE.width / 2 - PAD, ...boxes.map((each) => each.x1)), x2: Math.max(Math.max(...xs) + NODE.width / 2 + PAD, ...boxes.map((each) => each.x2)),
    y1: Math.min(Math.min(...ys) - NODE.height / 2 - PAD - LABEL, ...boxes.map((each) => each.y1)), y2: Math.max(Math.max(...ys) + NODE.height / 2 + PAD, ...boxes.map((each) => each.y2)),
  };
}

// From afar labels cannot be read, and only hide the lines.
export function fromAfar(graph) {
  const far = graph.zoom() < LEAST_ZOOM;
  if (graph.scratch("far") === far) return;
  graph.scratch("far", far);
  graph.batch(() => graph.edges().toggleClass("far", far));
}
