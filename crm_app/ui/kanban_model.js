// What a board is, without React: columns of cards, a drop, and what a drop on a column would mean.
const same = (a, b) => String(a) === String(b);
const CLOSED = ["won", "lost", "hold"];

export const isZone = (column) => CLOSED.includes(column.kind) && !column.shown;

/** Where a card is: its column and index, or null. */
export function whereIs(columns, cardId) {
  for (const column of columns) {
    const index = column.cards.findIndex((card) => same(card.id, cardId));
    if (index >= 0) return { column, index, card: column.cards[index] };
  }
  return null;
}

/** The board after a drop; counts and sums follow the card, columns that it doesn't touch stay the same objects. */
export function place(columns, drop) {
  const was = whereIs(columns, drop.cardId);
  if (!was) return columns;
  const amount = was.card.amount ?? 0;
  return columns.map((column) => {
    const from = same(column.id, was.column.id);
    const to = same(column.id, drop.to);
    if (!from && !to) return column;
    const cards = from ? column.cards.filter((card) => !same(card.id, drop.cardId)) : column.cards.slice();
    if (to) cards.splice(Math.min(drop.index, cards.length), 0, was.card);
    const step = Number(to) - Number(from);
    return { ...column, cards, count: (column.count ?? 0) + step, sum: (column.sum ?? 0) + step * amount };
  });
}

/** Columns with the changed ones in their places: `order` names their cards, and only those that look different came along. */
export function merge(columns, changed) {
  const held = new Map([...columns, ...changed].flatMap((column) => column.cards.map((card) => [card.id, card])));
  const told = new Map(changed.map(({ order, ...column }) => [column.id, { ...column, cards: order.map((id) => held.get(id)).filter(Boolean) }]));
  return columns.map((column) => told.get(column.id) ?? column);
}

/** What can be told at once, before the server has answered: the order rule, refusal and hold. */
function quick(rule, from, column, card) {
  if (same(from.id, column.id)) return "free";
  if (column.kind === "lost") return "needs";
  if (column.kind === "hold") return "free";
  if (from.kind === "hold" && card.return_to) return same(card.return_to, column.id) ? "free" : "no";
  if (rule === "strict" && column.position !== from.position + 1) return "no";
  return column.asks || "free";
}

/** For every column by id: {drop: "free"|"needs"|"approval"|"no", reason}; the server's word (`moves`) comes before the quick rule. */
export function marks(columns, cardId, rule, moves, labels) {
  const at = whereIs(columns, cardId);
  if (!at) return {};
  const told = moves && same(moves.card_id, cardId) ? moves.stages : {};
  return Object.fromEntries(columns.map((column) => {
    const drop = quick(rule, at.column, column, at.card);
    const reason = { no: labels.no, needs: labels.needs, approval: labels.approval }[drop] ?? "";
    return [column.id, told[column.id] ?? { drop, reason }];
  }));
}
