// A picture as SVG: frames of groups, boxes, lines with what they carry; violations red, undetermined dashed.

import { cut, labelOf, layOut, linesOf } from "./layout.js";
import { visible } from "./visible.js";

const ROUND = 4, MOST_LINES = 24;
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const RANKS = ["people", "us", "others"];

const text = (plain) => visible(plain).replace(/[&<>"']/g, (each) => SIGNS[each]);
const attributes = (named) => Object.entries(named).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => ` ${name}="${text(value)}"`).join("");
const element = (name, named, inner = "") => `<${name}${attributes(named)}>${inner}</${name}>`;
const title = (lines) => element("title", {}, text([...lines.slice(0, MOST_LINES), ...(lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more lines`] : [])].join("\n")));
const classes = (...names) => names.filter(Boolean).join(" ");

// The picture as laid out: {svg: what is in the svg element, width, height}.
export function draw(picture, how) {
  const laid = layOut(picture, how);
  const order = picture.arrows.map((_, number) => number).sort((one, other) => weight(picture.arrows[one]) - weight(picture.arrows[other]) || one - other);
  const parts = [
    ...picture.groups.map((each) => frame(each, laid.groups.get(each.id))),
    ...order.map((number) => arrow(picture.arrows[number], laid.lines[number], laid.labels[number])),
    ...picture.boxes.map((each) => box(each, laid.boxes.get(each.id))),
  ];
  return { svg: parts.join(""), width: laid.width, height: laid.height };
}

const weight = ({ grade }) => ["fine", "undetermined", "violation"].indexOf(grade);

function frame(group, [x, y, width, height]) {
  const named = { x: x + 9, y: y + 15, class: "name" };
  return element("g", { class: classes("lane", RANKS[group.rank]), "data-id": group.id }, title(group.words) + element("rect", { x, y, width, height, rx: 6 }) + element("text", named, text(cut(group.label, Math.max(4, Math.floor((width - 18) / 6.8))))));
}

function box(each, [x, y, width, height]) {
  const lines = linesOf(each), first = height / 2 + 4 - 6.5 * (lines.length - 1);
  const parts = [title(each.words), element("rect", { width, height, rx: 5 })];
  if (each.folds) parts.push(element("rect", { class: "frame", x: 3, y: 3, width: width - 6, height: height - 6, rx: 3 }));
  lines.forEach((line, number) => parts.push(element("text", { class: number ? "below" : null, x: width / 2, y: first + 13 * number }, text(line))));
  const named = { class: classes("box", RANKS[each.rank], each.grade, each.folds && "folded", each.change), transform: `translate(${x} ${y})`, "data-id": each.id, "data-lane": each.lane };
  return element("g", { ...named, [each.folds ? "data-parties" : "data-systems"]: JSON.stringify(each.members) }, parts.join(""));
}

function arrow(each, line, label) {
  const [x, y] = line.at(-1), parts = [title(each.words), element("path", { d: rounded(line) }), element("path", { class: "head", d: `M${x - 7} ${y - 3.2}l7 3.2l-7 3.2z` })];
  if (label) labelOf(each).forEach((words, number) => parts.push(element("text", { class: number ? "why" : "what", x: label[0] + label[2] / 2, y: label[1] + 10 + 13 * number }, text(words))));
  const named = { class: classes("arrow", each.grade, each.path && "path", each.change), "data-id": each.id, "data-source": each.source, "data-target": each.target, "data-flows": JSON.stringify(each.flows) };
  return element("g", named, parts.join(""));
}

// A line with rounded corners; it ends before the tip of its head.
function rounded(line) {
  const points = line.map((each) => [...each]), last = points.length - 1;
  points[last][0] -= 5;
  const toward = ([x, y], [to, down]) => {
    const length = Math.abs(to - x) + Math.abs(down - y), part = length ? Math.min(ROUND, length / 2) / length : 0;
    return [x + (to - x) * part, y + (down - y) * part].map((each) => Math.round(each * 100) / 100);
  };
  const corners = points.slice(1, -1).map((corner, number) => `L${toward(corner, points[number]).join(" ")}Q${corner.join(" ")} ${toward(corner, points[number + 2]).join(" ")}`);
  return `M${points[0].join(" ")}${corners.join("")}L${points[last].join(" ")}`;
}
