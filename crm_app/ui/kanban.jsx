// The board. Pointer, touch and keyboard belong to @hello-pangea/dnd; what a drop means and whether it holds, to the server.
import { useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { DragDropContext } from "@hello-pangea/dnd";
import { isZone, marks as marksOf, whereIs } from "./kanban_model.js";
import { useDrops } from "./kanban_drops.js";
import { Column, Zones } from "./kanban_parts.jsx";
import { MoveMenu } from "./kanban_menu.jsx";
import { showNotice } from "$/public/external/crm_app/ui/toast/toast.jsx";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
// Only the very edge scrolls: on the way to a zone at the foot the columns must not run away.
const SCROLL = { startFromPercentage: 0.1, maxScrollAtPercentage: 0.02, maxPixelScroll: 22 };
const NONE = new Set();
const same = (a, b) => String(a) === String(b);

export function Kanban({ columns, generation, patch, verdicts, moves, rule = "free", kind = "deal", nothing = "", labels, renderHead, renderCard, onLift, onMove, onNeeds, onMore, onOpen, onMissed }) {
  const send = (drop) => (drop.mark === "free" ? onMove : onNeeds ?? onMove)?.(drop.id, drop.cardId, drop.from, drop.to, drop.index);
  const { shown, add, pending } = useDrops({ columns, generation, patch, verdicts, labels, send, onMissed });
  const [lifted, setLifted] = useState(null);
  const [asking, setAsking] = useState(null);
  // While a card is in the air the board stands still: what arrives meanwhile is shown after the drop.
  const still = useRef(null);
  const board = still.current ?? shown;
  const meant = lifted ?? asking?.cardId ?? null;
  const marks = useMemo(() => (meant === null ? {} : marksOf(board, meant, rule, moves, labels)), [board, meant, rule, moves, labels]);
  const isEmpty = generation > 0 && board.every((column) => !column.count);
  const stage = (id) => board.find((column) => same(column.id, id));

  const lift = (id) => {
    still.current = shown;
    const found = whereIs(shown, id);
    // Zones must have their size before the library measures.
    flushSync(() => setLifted(found.card.id));
    onLift?.(found.card.id);
  };
  const drop = (cardId, to, index) => {
    const at = whereIs(shown, cardId);
    const mark = marksOf(shown, cardId, rule, moves, labels)[to] ?? { drop: "free" };
    if (!at) return;
    if (mark.drop === "no") return showNotice("warn", `${stage(to).title}: ${mark.reason}`);
    add({ id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, cardId: at.card.id, from: at.column.id, to: stage(to).id, index, mark: mark.drop });
  };
  const speak = (text, result, announce) => announce(fill(text, {
    card: whereIs(board, result.draggableId)?.card.title, stage: stage(result.destination?.droppableId ?? result.source.droppableId)?.title,
    position: (result.destination ?? result.source).index + 1, drop: labels[`drop_${marks[result.destination?.droppableId]?.drop}`] ?? "",
  }));
  const ended = (result, { announce }) => {
    const { source, destination } = result;
    const moved = destination && (source.droppableId !== destination.droppableId || source.index !== destination.index);
    speak(moved ? labels.dropped : labels.put_back, result, announce);
    still.current = null;
    setLifted(null);
    if (moved) drop(result.draggableId, destination.droppableId, destination.index);
  };
  const askWhere = (cardId, anchor) => {
    setAsking({ cardId, anchor });
    onLift?.(cardId);
  };
  const choose = (cardId, to) => {
    drop(cardId, to, 0);
    requestAnimationFrame(() => document.querySelector(`[data-${kind}="${cardId}"]`)?.focus());
  };
  const keys = (event, cardId, handle) => {
    if (lifted === null && event.code === "KeyM" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      askWhere(cardId, event.currentTarget);
    } else if (lifted === null && event.key === "Enter" && event.target === event.currentTarget) onOpen?.(cardId);
    else handle.onKeyDown?.(event);
  };
  const events = useRef({});
  Object.assign(events.current, { keys, askWhere, onOpen, onMore });
  // One identity for ever: a column is drawn again only when its own cards have changed.
  const [stable] = useState(() => ({
    onKey: (...given) => events.current.keys(...given), onMenu: (...given) => events.current.askWhere(...given),
    onOpen: (id) => events.current.onOpen?.(id), onMore: (id) => events.current.onMore?.(id),
  }));
  return (
    <DragDropContext autoScrollerOptions={SCROLL} dragHandleUsageInstructions={labels.usage} onBeforeCapture={(before) => lift(before.draggableId)} onDragEnd={ended}
                     onDragStart={(start, { announce }) => speak(labels.lifted, start, announce)}
                     onDragUpdate={(update, { announce }) => speak(update.destination ? labels.over : labels.nowhere, update, announce)}>
      <div className="kb" data-dragging={lifted !== null}>
        <div className="kb-scroll"><div className="kb-columns">
          {board.length === 0 && generation === 0 && [1, 2, 3, 4, 5].map((one) => <div key={one} className="kb-wait" aria-hidden="true"><span className="bone" /></div>)}
          {board.filter((column) => !isZone(column)).map((column, index) => (
            <Column key={column.id} column={column} nothing={isEmpty && index === 0 ? nothing : ""} {...(lifted === null ? {} : marks[column.id])} kind={kind} labels={labels}
                    pending={column.cards.some((card) => pending.has(card.id)) ? pending : NONE} renderHead={renderHead} renderCard={renderCard} {...stable} />
          ))}
        </div></div>
        <Zones columns={board.filter(isZone)} marks={lifted === null ? {} : marks} shown={lifted !== null} />
        {asking && (
          <MoveMenu columns={board} marks={marks} anchor={asking.anchor} here={whereIs(board, asking.cardId)?.column.id} labels={labels}
                    onClose={() => setAsking(null)} onChoose={(to) => choose(asking.cardId, to)} />
        )}
      </div>
    </DragDropContext>
  );
}
