// A column with its cards, and the zones at the foot of the board.
import { memo, useEffect, useRef } from "react";
import { Draggable, Droppable } from "@hello-pangea/dnd";

// The library waits for the end of its drop animation, a third of a second; a drop has to be on screen in the next frame.
function Landed({ card, animating }) {
  useEffect(() => {
    if (animating) queueMicrotask(() => card.current?.dispatchEvent(new TransitionEvent("transitionend", { propertyName: "transform", bubbles: true })));
  }, [animating]);
  return null;
}
const settle = (style, snapshot) => (snapshot.isDropAnimating ? { ...style, transition: "none" } : style);

// What stands on a card stays as it is while the card changes its place: a drop moves all that lie below.
const Face = memo(function Face({ card, render }) {
  return render(card);
});

const Card = memo(function Card({ card, index, kind, label, pending, render, onKey, onOpen, onMenu }) {
  const box = useRef(null);
  return (
    <Draggable draggableId={String(card.id)} index={index}>
      {(provided, snapshot) => (
        <div ref={(element) => { box.current = element; provided.innerRef(element); }} {...provided.draggableProps} {...provided.dragHandleProps} {...{ [`data-${kind}`]: card.id }}
                 style={settle(provided.draggableProps.style, snapshot)} className="kb-card" data-lifted={snapshot.isDragging} data-pending={pending}
                 role="group" aria-roledescription={label.role} aria-label={card.title}
                 onKeyDown={(event) => onKey(event, card.id, provided.dragHandleProps)} onClick={(event) => !event.target.closest("a, button") && onOpen?.(card.id)}>
          <Face card={card} render={render} />
          <Landed card={box} animating={snapshot.isDropAnimating} />
          <button type="button" className="kb-more" tabIndex={-1} aria-label={label.move} onClick={(event) => onMenu(card.id, event.currentTarget)}>⋯</button>
        </div>
      )}
    </Draggable>
  );
});

const Cards = memo(function Cards({ cards, pending, ...rest }) {
  return cards.map((card, index) => <Card key={card.id} card={card} index={index} pending={pending.has(card.id)} {...rest} />);
});

/** A column. drop, reason: what a drop here would mean while a card is in the air. */
export const Column = memo(function Column({ column, nothing, drop, reason, kind, labels, pending, renderHead, renderCard, onMore, ...events }) {
  const hidden = (column.count ?? 0) - column.cards.length;
  return (
    <section className="kb-column" data-stage={column.id} data-drop={drop} aria-label={column.title}>
      <header className="kb-head">
        {renderHead(column)}
        {reason && <p className="kb-reason" title={reason}>{reason}</p>}
      </header>
      <Droppable droppableId={String(column.id)}>
        {(provided, snapshot) => (
          <div ref={provided.innerRef} {...provided.droppableProps} className="kb-list" data-over={snapshot.isDraggingOver}>
            <Cards cards={column.cards} kind={kind} label={labels} pending={pending} render={renderCard} {...events} />
            {provided.placeholder}
            {nothing && <p className="kb-nothing">{nothing}</p>}
            {hidden > 0 && <button type="button" className="kb-show-more" onClick={() => onMore?.(column.id)}>{labels.more.replace("{n}", hidden)}</button>}
          </div>
        )}
      </Droppable>
    </section>
  );
});

export function Zones({ columns, marks, shown }) {
  return (
    <div className="kb-zones" data-shown={shown} aria-hidden={!shown}>
      {columns.map((column) => (
        <Droppable key={column.id} droppableId={String(column.id)} direction="horizontal">
          {(provided, snapshot) => (
            <div ref={provided.innerRef} {...provided.droppableProps} className="kb-zone" data-stage={column.id} data-kind={column.kind}
                 data-drop={marks[column.id]?.drop} data-over={snapshot.isDraggingOver}>
              <span>{column.title}</span>
              {shown && marks[column.id]?.drop === "no" && <small>{marks[column.id].reason}</small>}
              <div className="kb-hole">{provided.placeholder}</div>
            </div>
          )}
        </Droppable>
      ))}
    </div>
  );
}
