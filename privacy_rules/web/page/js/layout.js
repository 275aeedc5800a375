// Where things stand: our own party in the middle, people to the left, others around it, so that flows are short.
// The same estate always stands in the same way: swaps are tried in order, and kept where they shorten the flows.

import { listed, value } from "./findings-of.js";

export const NODE = { width: 132, height: 42 };
export const PAD = 14, LABEL = 48; // a name of two lines, and below it the heads of the flows that come from above
export const NAME = 34;
const CELL = { x: 164, y: 78 }; // between rows there is room for a label of two lines
const GAP = { x: 26, y: 24 };
const UNKNOWN = "";
const SIDES = ["left", "top", "right", "bottom"];
const MOST_AROUND = 24;
const MOST_TRIES = 3e6;

// Places by system id, of folded parties by `party:` and their id: {x, y} of their centres.
export function place(estate, folded = new Set()) {
  const blocks = blocksOf(estate, folded);
  const flows = weighed(estate, folded);
  const centre = blocks.find((each) => each.roles.includes("us")) || blocks.reduce((a, b) => (b.systems.length > a.systems.length ? b : a), blocks[0]);
  if (!centre) return new Map();
  if (blocks.length > MOST_AROUND) return shelved(blocks, flows);
  const people = blocks.filter((each) => each !== centre && each.roles.includes("data_subject"));
  const others = blocks.filter((each) => each !== centre && !people.includes(each));
  centre.columns = Math.max(1, Math.round(Math.sqrt(centre.systems.length * 0.8)));
  const sides = { left: people, top: [], right: [], bottom: [] };
  others.forEach((each, number) => sides[["top", "right", "bottom"][number % 3]].push(each));
  const plan = { centre, sides, flows, packed };
  const budget = { left: MOST_TRIES / Math.max(1, flows.length) };
  for (let round = 0; round < 6 && budget.left > 0; round += 1) {
    const before = cost(plan);
    for (const { systems } of [centre, ...others]) swapAll(plan, systems, budget);
    swapBlocks(plan, others, budget);
    if (cost(plan) >= before - 1) break;
  }
  return packed(plan);
}

const cellOf = (system, party, folded) => (folded.has(party) ? `party:${party}` : system);

function blocksOf(estate, folded) {
  const systems = new Map();
  for (const each of estate.systems) {
    const party = value(each, "party") ?? UNKNOWN, cell = cellOf(each.id, party, folded), known = systems.get(party) || [];
    if (!known.includes(cell)) systems.set(party, [...known, cell]);
  }
  const roles = new Map(estate.parties.map((each) => [each.id, listed(each, "role")]));
  return [...systems].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, ids]) => ({
    id, systems: ids, roles: roles.get(id) || [], columns: ids.length > 12 ? Math.round(Math.sqrt(ids.length)) : ids.length > 3 ? 2 : 1,
  }));
}

// From where to where flows go, and how many do.
function weighed(estate, folded) {
  const home = new Map(estate.systems.map((each) => [each.id, cellOf(each.id, value(each, "party") ?? UNKNOWN, folded)]));
  const found = new Map();
  for (const each of estate.flows) {
    const ends = [home.get(value(each, "from")), home.get(value(each, "to"))], key = ends.join("\n");
    if (ends[0] !== ends[1]) found.set(key, [...ends, (found.get(key)?.[2] || 0) + 1]);
  }
  return [...found.values()];
}

// Very many parties stand in rows, those that have much to do with each other near each other.
function shelved(blocks, flows) {
  const area = blocks.reduce((sum, each) => sum + (width(each) + GAP.x) * (height(each) + GAP.y), 0), most = Math.sqrt(area * 1.5);
  const rows = ({ order }) => {
    const places = new Map();
    let [x, y, tall] = [0, 0, 0];
    for (const each of order) {
      if (x > 0 && x + width(each) > most) [x, y, tall] = [0, y + tall + GAP.y * 2, 0];
      fill(each, x, y, places);
      x += width(each) + GAP.x * 2;
      tall = Math.max(tall, height(each));
    }
    return places;
  };
  const plan = { order: [...blocks], flows, packed: rows };
  const budget = { left: MOST_TRIES / Math.max(1, flows.length) };
  for (let round = 0; round < 4 && budget.left > 0; round += 1) swapAll(plan, plan.order, budget);
  return rows(plan);
}

const width = (block) => (block.columns - 1) * CELL.x + NODE.width + 2 * PAD;
const height = (block) => (Math.ceil(block.systems.length / block.columns) - 1) * CELL.y + NODE.height + 2 * PAD + LABEL;

function fill(block, left, top, places) {
  block.systems.forEach((id, number) => {
    const column = number % block.columns, row = Math.floor(number / block.columns);
    places.set(id, { x: left + PAD + NODE.width / 2 + column * CELL.x, y: top + PAD + LABEL + NODE.height / 2 + row * CELL.y });
  });
}

// Columns left and right of the middle, rows above and below all three, each centred on the middle.
function packed({ centre, sides }) {
  const places = new Map();
  const [w, h] = [width(centre), height(centre)];
  const rows = (blocks) => blocks.reduce((sum, each) => sum + width(each) + GAP.x, -GAP.x);
  const stack = (blocks) => blocks.reduce((sum, each) => sum + height(each) + GAP.y, -GAP.y);
  fill(centre, 0, 0, places);
  for (const [side, left] of [["left", true], ["right", false]]) {
    let y = (h - stack(sides[side])) / 2;
    for (const each of sides[side]) {
      fill(each, left ? -GAP.x * 1.5 - width(each) : w + GAP.x * 1.5, y, places);
      y += height(each) + GAP.y;
    }
  }
  const tall = Math.max(h, stack(sides.left), stack(sides.right));
  const middle = (w + wide(sides.right) - wide(sides.left)) / 2;
  for (const [side, top] of [["top", true], ["bottom", false]]) {
    let x = middle - rows(sides[side]) / 2;
    for (const each of sides[side]) {
      fill(each, x, top ? (h - tall) / 2 - GAP.y * 1.6 - height(each) : (h + tall) / 2 + GAP.y * 1.6, places);
      x += width(each) + GAP.x;
    }
  }
  return places;
}

const wide = (blocks) => (blocks.length ? Math.max(...blocks.map(width)) + GAP.x * 1.5 : 0);

function cost(plan) {
  const places = plan.packed(plan);
  let sum = 0;
  for (const [from, to, weight] of plan.flows) {
    const [a, b] = [places.get(from), places.get(to)];
    if (a && b) sum += weight * Math.hypot(a.x - b.x, (a.y - b.y) * 1.1);
  }
  return sum + (plan.sides ? crowding(plan) : 0);
}

// Sides that stick out far make everything small.
function crowding({ centre, sides }) {
  const long = (blocks, size, most) => Math.max(0, blocks.reduce((sum, each) => sum + size(each) + GAP.x, 0) - most);
  const [w, h] = [width(centre) + wide(sides.left) + wide(sides.right), height(centre)];
  return 14 * (long(sides.top, width, w) + long(sides.bottom, width, w) + long(sides.right, height, h) + long(sides.left, height, h));
}

// Each two of a list change places, where that is better.
function swapAll(plan, list, budget) {
  let best = cost(plan);
  for (let i = 0; i < list.length; i += 1) {
    for (let j = i + 1; j < list.length && budget.left > 0; j += 1) {
      [list[i], list[j]] = [list[j], list[i]];
      const now = cost(plan);
      if (now < best) best = now;
      else [list[i], list[j]] = [list[j], list[i]];
      budget.left -= 1;
    }
  }
}

// Each party goes to each place at each side, where that is better.
function swapBlocks({ sides, ...plan }, others, budget) {
  const whole = { sides, ...plan };
  for (const block of others) {
    for (const side of SIDES) {
      for (let at = 0; at <= sides[side].length && budget.left > 0; at += 1) {
        const from = SIDES.find((each) => sides[each].includes(block)), old = sides[from].indexOf(block);
        const before = cost(whole);
        sides[from].splice(old, 1);
        sides[side].splice(Math.min(at, sides[side].length), 0, block);
        if (cost(whole) >= before) {
          sides[side].splice(sides[side].indexOf(block), 1);
          sides[from].splice(old, 0, block);
        }
        budget.left -= 2;
      }
    }
  }
}
