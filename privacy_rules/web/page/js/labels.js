// Where the labels of flows stand: on the line where it is long enough, else beside it. No label covers a head, most of a line, a
// system or another label. A label for which there is no such place is left out until its flow is pointed at or lit.

import { NODE } from "./layout.js";

export const FONT = 11;
const LINE = FONT * 1.2, PADDING = 2;
const ALONG = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
const ASIDE = [0, 1, -1];
const GAPS = [5, 20, 44];
const POINTS = 16; // of each line
const FARTHER = 30;
const OUTSIDE = 110; // how far the label of a loop may stand outside of all groups
const HEAD = 13; // how far a head reaches from its end
const MOST_HIDDEN = 0.4; // of a line, by all labels together,
const ENOUGH = 150; // or all but this length
const NEVER = 1000, BAD = 120, CROSSED = 45;

const pen = document.createElement("canvas").getContext("2d");

export function measure(label, family) {
  pen.font = `${FONT}px ${family}`;
  const lines = label.split("\n");
  return { w: Math.max(...lines.map((each) => pen.measureText(each).width)) + 2 * PADDING + 2, h: lines.length * LINE + 2 * PADDING };
}

// The line as it is drawn, from end to end: quadratic curves that meet halfway between control points.
export function lineOf(edge) {
  const from = edge.sourceEndpoint(), to = edge.targetEndpoint(), controls = edge.controlPoints() || [];
  if (![from?.x, from?.y, to?.x, to?.y].every(Number.isFinite)) return [];
  if (!controls.length) return Array.from({ length: POINTS + 1 }, (_, step) => between(from, to, step / POINTS));
  const line = [], each = Math.ceil(POINTS / controls.length);
  controls.forEach((control, number) => {
    const start = number ? between(controls[number - 1], control, 0.5) : from;
    const end = number < controls.length - 1 ? between(control, controls[number + 1], 0.5) : to;
    for (let step = number ? 1 : 0; step <= each; step += 1) line.push(between(between(start, control, step / each), between(control, end, step / each), step / each));
  });
  return line;
}

const between = (one, other, part) => ({ x: one.x + (other.x - one.x) * part, y: one.y + (other.y - one.y) * part });

// What is to be kept clear: of each flow its line and the square around its head.
export function strand(edge) {
  const line = lineOf(edge);
  if (!line.length) return null;
  const length = lengthOf(line);
  return { id: edge.id(), line, head: headOf(line), box: around(line), hidden: 0, loop: edge.isLoop(), most: Math.max(MOST_HIDDEN, 1 - ENOUGH / length), short: length < ENOUGH, above: edge.hasClass("violation") };
}

const lengthOf = (line) => line.slice(1).reduce((sum, each, at) => sum + Math.hypot(each.x - line[at].x, each.y - line[at].y), 0) || 1;

function headOf(line) {
  const end = line.at(-1), back = line.findLast((each) => Math.hypot(each.x - end.x, each.y - end.y) > HEAD) || line[0];
  const far = Math.hypot(back.x - end.x, back.y - end.y) || 1;
  return around([end, { x: end.x + ((back.x - end.x) / far) * Math.min(HEAD, far), y: end.y + ((back.y - end.y) / far) * Math.min(HEAD, far) }], 3);
}

function around(points, by = 0) {
  const [xs, ys] = [points.map((each) => each.x), points.map((each) => each.y)];
  return { x1: Math.min(...xs) - by, y1: Math.min(...ys) - by, x2: Math.max(...xs) + by, y2: Math.max(...ys) + by };
}

// `wanted`: [{ strand, size, middle }], the most important first. `held`: { strands, boxes: [{ box, price }], bounds }. Gives by id { x, y, clear }:
// how far the label stands from the middle of its line, and whether nothing is in its way.
export function placed(wanted, { strands, boxes, bounds }) {
  const found = new Map(), taken = [...boxes];
  for (const { strand: own, size, middle } of wanted) {
    let best = null, least = Infinity;
    for (const spot of spots(own, size)) {
      const price = spot.price + priced(spot.box, own, { strands, taken, bounds }, least - spot.price);
      if (price < least) [best, least] = [spot, price];
      if (least < 1) break;
    }
    const clear = least < BAD, centre = { x: (best.box.x1 + best.box.x2) / 2, y: (best.box.y1 + best.box.y2) / 2 };
    found.set(own.id, { x: centre.x - middle.x, y: centre.y - middle.y, clear, box: best.box });
    if (!clear && !own.must) continue;
    taken.push({ box: best.box, price: NEVER });
    for (const each of strands) each.hidden += share(each, best.box);
  }
  return found;
}

// Boxes to try: on the line, then beside it, then farther away.
function* spots({ line, must }, { w, h }) {
  const box = (x, y) => ({ x1: x - w / 2, y1: y - h / 2, x2: x + w / 2, y2: y + h / 2 });
  let price = 0;
  for (const gap of GAPS) {
    if (gap !== GAPS[0]) price += must ? FARTHER : BAD / 2; // far away it would be taken for that of another
    for (const side of ASIDE) {
      if (!side && gap !== GAPS[0]) continue;
      for (const part of ALONG) {
        const at = Math.round(part * (line.length - 1)), here = line[at], after = line[Math.min(at + 1, line.length - 1)], before = line[Math.max(at - 1, 0)];
        const long = Math.hypot(after.x - before.x, after.y - before.y) || 1, normal = { x: (-(after.y - before.y) / long) * side, y: ((after.x - before.x) / long) * side };
        const far = side ? (Math.abs(normal.x) * w + Math.abs(normal.y) * h) / 2 + gap : 0;
        price += 0.4;
        yield { box: box(here.x + normal.x * far, here.y + normal.y * far), price };
      }
    }
  }
}

function priced(box, own, { strands, taken, bounds }, enough) {
  const out = bounds ? Math.max(bounds.x1 - box.x1, box.x2 - bounds.x2, bounds.y1 - box.y1, box.y2 - bounds.y2) : 0;
  let price = out <= 0 ? 0 : own.loop && out < OUTSIDE ? CROSSED : NEVER / 2;
  if (meet(box, own.head)) price += 20 * NEVER;
  for (const each of taken) {
    if (price >= enough) return price;
    if (meet(box, each.box)) price += each.price;
  }
  for (const each of strands) {
    if (price >= enough) return price;
    if (!meet(box, each.box)) continue;
    const mine = each === own, part = share(each, box);
    if (!mine && meet(box, each.head)) price += each.must ? 4 * NEVER : NEVER;
    if (part && each.hidden + part > each.most) price += (mine ? 10 : each.must ? 3 : 1) * NEVER;
    else if (part) price += mine ? (each.short ? BAD : part * 4) : each.above ? BAD : CROSSED;
  }
  return price;
}

// How much of a line a box hides.
const share = ({ line, box }, over) => (meet(over, box) ? line.filter(({ x, y }) => x > over.x1 && x < over.x2 && y > over.y1 && y < over.y2).length / line.length : 0);

const meet = (one, other) => one.x1 < other.x2 && one.x2 > other.x1 && one.y1 < other.y2 && one.y2 > other.y1;

export const boxOf = ({ x, y }, { width, height } = NODE) => ({ x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2 });
