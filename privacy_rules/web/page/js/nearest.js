// Which known words are nearest to one that is not known: those that it begins or is part of, and those few letters away.

const MOST = 3;

export function nearest(word, known) {
  const asked = plain(word);
  if (!asked) return [];
  const far = known.map((each) => [distance(asked, plain(each)), each]).filter(([steps, each]) => steps <= Math.max(1, Math.floor(Math.max(asked.length, each.length) / 3)));
  const within = known.filter((each) => asked.length > 2 && plain(each).includes(asked)).map((each) => [each.length / 100, each]);
  const order = [...within, ...far].sort(([one, a], [other, b]) => one - other || (a < b ? -1 : 1)).map(([, each]) => each);
  return [...new Set(order)].slice(0, MOST);
}

const plain = (word) => word.toLowerCase().replaceAll(/[\s_.-]+/g, "_");

// How many letters are to be put in, taken out or replaced.
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, number) => number);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(one[i - 1] !== other[j - 1])));
    row = next;
  }
  return row.at(-1);
}
