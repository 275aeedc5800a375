// Which known words are nearest to one that is not known: those that it is part of, and those few letters away, as a whole or in one of their words.

const MOST = 3;

export function nearest(word, known) {
  const asked = plain(word);
  if (!asked) return [];
  const far = known.map((each) => [distance(asked, plain(each)), each]).filter(([steps, each]) => steps <= Math.max(1, Math.floor(Math.max(asked.length, each.length) / 3)));
  const within = known.filter((each) => asked.length > 2 && plain(each).includes(asked)).map((each) => [each.length / 100, each]);
  const part = asked.length > 3 ? known.filter((each) => plain(each).split("_").some((word) => distance(asked, word) <= Math.max(1, Math.floor(asked.length / 3)) && word.length > 3)).map((each) => [2 + each.length / 100, each]) : [];
  const order = [...within, ...far, ...part].sort(([one, a], [other, b]) => one - other || (a < b ? -1 : 1)).map(([, each]) => each);
  return [...new Set(order)].slice(0, MOST);
}

const plain = (word) => word.toLowerCase().replaceAll(/[\s_.-]+/g, "_");

// How many letters are to be put in, taken out or replaced, or change places with the next.
function distance(one, other) {
  let before = [], row = Array.from({ length: other.length + 1 }, (_, number) => number);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(one[i - 1] !== other[j - 1])));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row.at(-1);
}
