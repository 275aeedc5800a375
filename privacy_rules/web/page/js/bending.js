// How far a flow bends so that it passes over no system but its own ends.

import { NODE } from "./layout.js";

const TRIES = [0, 36, -36, 64, -64, 96, -96, 132, -132, 180, -180];
const STEPS = 14;
const CLEAR = 5;
export const MOST = 400;
/* Of more flows none is bent: that many cannot be followed one by one. */

// The distance of the control point from the straight line; `ends` and `others` are centres of systems.
export function bend([from, to], others) {
  const [dx, dy] = [to.x - from.x, to.y - from.y], length = Math.hypot(dx, dy) || 1;
  const near = others.filter((each) => Math.min(from.x, to.x) - 220 < each.x && each.x < Math.max(from.x, to.x) + 220 && Math.min(from.y, to.y) - 220 < each.y && each.y < Math.max(from.y, to.y) + 220);
  let best = 0, least = Infinity;
  for (const distance of TRIES) {
    if (Math.abs(distance) > length * 0.75) continue;
    const control = { x: (from.x + to.x) / 2 - (dy / length) * distance, y: (from.y + to.y) / 2 + (dx / length) * distance };
    const price = crossed(from, control, to, near) * 100 + Math.abs(distance) * 0.2;
    if (price < least) [best, least] = [distance, price];
  }
  return best;
}

// How many systems the curve passes over.
function crossed(from, control, to, others) {
  const over = new Set();
  for (let step = 1; step < STEPS; step += 1) {
    const t = step / STEPS, u = 1 - t;
    const x = u * u * from.x + 2 * u * t * control.x + t * t * to.x, y = u * u * from.y + 2 * u * t * control.y + t * t * to.y;
    for (const each of others) if (Math.abs(each.x - x) < NODE.width / 2 + CLEAR && Math.abs(each.y - y) < NODE.height / 2 + CLEAR) over.add(each);
  }
  return over.size;
}
