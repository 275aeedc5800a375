// Where everything in a picture is: boxes, frames, lines and labels, laid out from left to right by ELK (elk/elk-worker.min.js).

import { Worker } from "./elk.js";

export const SMALL = 10.5; // the size of the smallest text
const LARGE = 12, LINE = 13, PAD = 9, NAME = 20;
const WIDE = /[mwMW@%]/, NARROW = /[ijlftr.,:;'|()[\] -]/;
const LONGEST = 26; // letters of a name in a box

// The width of a text, about as wide fonts draw it: the same wherever it is laid out.
export const textWidth = (text, size) => [...text].reduce((sum, each) => sum + (WIDE.test(each) ? 0.88 : NARROW.test(each) ? 0.36 : 0.6), 0) * size;

export const cut = (text, most = LONGEST) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export const linesOf = (box) => [cut(box.label), ...(box.below ? [cut(box.below)] : []), ...(box.inside ? [box.inside] : [])];

function sizeOf(box) {
  const lines = linesOf(box), wide = Math.max(...lines.map((each, number) => textWidth(each, number ? SMALL : LARGE)));
  return { width: Math.max(52, Math.ceil(wide) + 14), height: 13 + LINE * lines.length };
}

export const labelOf = (arrow) => arrow.short.filter(Boolean);

const engine = { answer: null, worker: null };

// Asks ELK, which answers at once: its worker is given timers that do not wait.
function asked(message) {
  if (!engine.worker) {
    engine.worker = new Worker();
    engine.worker.onmessage = ({ data }) => { engine.answer = data; };
    asked({ id: 0, cmd: "register", algorithms: ["layered"] });
  }
  engine.worker.postMessage(message);
  if (engine.answer.error) throw new Error(String(engine.answer.error.message || engine.answer.error));
  return engine.answer.data;
}

// Makes the engine ready, which takes a moment, while something else is waited for.
export function warmUp() {
  const box = (id) => ({ id, group: null, label: id, rank: 1 });
  layOut({ groups: [], boxes: ["a", "b", "c"].map(box), arrows: [["a", "b"], ["b", "c"], ["a", "c"]].map(([source, target]) => ({ source, target, short: ["x", "y"], grade: "fine" })) });
}

// `how`: {labels: whether arrows have labels (true, false, or "bad": those with findings and changes), aspect: how much wider than high, tight: whether there is little room}.
export function layOut(picture, how = {}) {
  const { labels = true, aspect = 1.5, tight = false } = how, nested = picture.groups.length > 0;
  const nodes = new Map([["", { id: "root", children: [] }]]), ids = new Map();
  const put = (key, parent, node) => { nodes.set(key, node); nodes.get(parent).children.push(node); };
  picture.groups.forEach((each, number) => put(`g ${each.id}`, each.parent === null ? "" : `g ${each.parent}`, {
    id: `g${number}`, children: [], layoutOptions: { "elk.padding": `[top=${NAME + 4},left=${PAD},bottom=${PAD},right=${PAD}]`, "elk.nodeSize.constraints": "MINIMUM_SIZE", "elk.nodeSize.minimum": `(${Math.ceil(textWidth(cut(each.label), LARGE) + 2 * PAD)},30)` },
  }));
  picture.boxes.forEach((each, number) => {
    ids.set(each.id, `b${number}`);
    put(`b ${each.id}`, each.group === null ? "" : `g ${each.group}`, { id: `b${number}`, ...sizeOf(each), layoutOptions: each.rank === 0 && each.group === null ? { "elk.layered.layering.layerConstraint": "FIRST" } : {} });
  });
  const edges = picture.arrows.map((each, number) => {
    const words = labels === true || (labels && (each.grade !== "fine" || each.change)) ? labelOf(each) : [];
    return {
      id: `e${number}`, sources: [ids.get(each.source)], targets: [ids.get(each.target)],
      layoutOptions: each.leads ? { "elk.layered.priority.direction": "10", "elk.layered.priority.straightness": "5" } : {},
      labels: words.length ? [{ id: `l${number}`, text: words.join(" "), width: Math.ceil(Math.max(...words.map((one) => textWidth(one, SMALL)))) + 4, height: LINE * words.length }] : [],
    };
  });
  const laid = asked({ id: 1, cmd: "layout", graph: { ...nodes.get(""), edges, layoutOptions: options(nested, picture, aspect, tight) }, layoutOptions: {}, options: {} });
  return read(laid, picture);
}

const options = (nested, picture, aspect, tight) => ({
  "elk.algorithm": "layered", "elk.direction": "RIGHT", "elk.edgeRouting": "ORTHOGONAL", "elk.aspectRatio": String(aspect),
  "elk.hierarchyHandling": nested ? "INCLUDE_CHILDREN" : "SEPARATE_CHILDREN", "elk.json.shapeCoords": "ROOT", "elk.json.edgeCoords": "ROOT",
  "elk.padding": "[top=10,left=10,bottom=10,right=10]", "elk.layered.thoroughness": picture.boxes.length > 14 ? "2" : "4",
  "elk.spacing.nodeNode": "9", "elk.spacing.edgeNode": "7", "elk.spacing.edgeEdge": "6", "elk.spacing.edgeLabel": "2", "elk.spacing.componentComponent": "12",
  "elk.layered.spacing.nodeNodeBetweenLayers": tight ? "14" : "22", "elk.layered.spacing.edgeNodeBetweenLayers": tight ? "7" : "9", "elk.layered.spacing.edgeEdgeBetweenLayers": tight ? "4" : "6",
  "elk.layered.edgeLabels.sideSelection": "ALWAYS_UP", "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED", "elk.layered.unnecessaryBendpoints": "false",
  ...(nested ? {} : { "elk.layered.layering.strategy": "COFFMAN_GRAHAM", "elk.layered.layering.coffmanGraham.layerBound": String(Math.max(4, Math.ceil(Math.sqrt((picture.boxes.length * 2.6) / aspect)))) }),
});

const round = (number) => Math.round(number * 10) / 10;

function read(laid, picture) {
  const found = { width: round(laid.width), height: round(laid.height), boxes: new Map(), groups: new Map(), lines: [], labels: [] };
  const walk = (node) => node.children?.forEach((each) => {
    const number = Number(each.id.slice(1)), into = each.id[0] === "g" ? found.groups : found.boxes, of = each.id[0] === "g" ? picture.groups : picture.boxes;
    into.set(of[number].id, [each.x, each.y, each.width, each.height].map(round));
    walk(each);
  });
  walk(laid);
  const edges = [];
  const collect = (node) => { edges.push(...(node.edges ?? [])); node.children?.forEach(collect); };
  collect(laid);
  for (const each of edges) {
    const number = Number(each.id.slice(1)), [label] = each.labels ?? [];
    found.lines[number] = each.sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]).map(({ x, y }) => [round(x), round(y)]);
    if (label) found.labels[number] = [label.x, label.y, label.width, label.height].map(round);
  }
  return found;
}
