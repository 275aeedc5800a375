// The picture that fits: as much of it as can be read where it is shown. What does not fit is folded further.

import { picture } from "./folding.js";
import { SMALL } from "./layout.js";
import { state } from "./state.js";
import { draw } from "./svg.js";

export const LEAST = 9; // pixels that the smallest text has, so that it can be read
const TRIES = [
  { root: 20, most: 18, arrows: 60, roles: false }, { root: 14, most: 14, arrows: 40, roles: true }, { root: 12, most: 9, arrows: 32, roles: true }, { root: 10, most: 6, arrows: 24, roles: true },
  { root: 8, most: 4, arrows: 14, roles: true }, { root: 6, most: 4, arrows: 12, roles: "one", tight: true }, { root: 6, most: 3, arrows: 10, roles: "all", tight: true },
];
// Where a group is open, what is around it is folded first.
const OPEN = [
  { root: 14, most: 18, arrows: 40, roles: true }, { root: 10, most: 14, arrows: 32, roles: "one" }, { root: 8, most: 9, arrows: 24, roles: "one" }, { root: 6, most: 6, arrows: 16, roles: "one" }, { root: 6, most: 4, arrows: 12, roles: "one", tight: true }, { root: 6, most: 3, arrows: 8, roles: "all", tight: true },
];
const MOST_LABELLED = 18;
const ROW = 24; // pixels of height for each box, below which nothing fits that has several lines for each

export const scaleIn = ({ width, height }, room) => Math.min(1.6, room.width / width, room.height / height);

// Lays out again and again, each time with less, until the whole fits with words that can be read.
export function fitted(room, focus) {
  const area = room.width * room.height, first = area > 400_000 ? 0 : area > 200_000 ? 1 : 2, aspect = room.width / room.height;
  let found = null;
  const tries = state.view.open.length && !state.view.all ? OPEN.slice(Math.max(0, first - 1)) : TRIES.slice(state.view.all ? 0 : first);
  for (const how of tries) {
    const drawn = picture(how, focus), isLast = how === tries.at(-1);
    if (!state.view.all && !isLast && drawn.boxes.length > room.height / ROW) continue; // there is no need to try
    const ways = state.view.all ? [...(drawn.arrows.length <= MOST_LABELLED ? [true] : []), "bad"] : drawn.arrows.length <= MOST_LABELLED ? [true, false] : [false];
    for (const labels of ways) {
      found = { ...draw(drawn, { labels, aspect, tight: how.tight }), about: drawn.about, picture: drawn };
      if (scaleIn(found, room) * SMALL >= LEAST) return found;
    }
    if (state.view.all) break;
  }
  return found;
}
