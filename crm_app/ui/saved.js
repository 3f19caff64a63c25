// What a form or a dialog does when the server has saved what was done in it.
import { useEffect, useRef } from "react";

/**
 * Calls `then` when the server's counter of saves grows after somebody acted here; returns what tells of an act.
 * A counter also grows when a reloaded page gets its state back, and falls when a server that was started anew begins at
 * nought, maybe after an act that was refused: that is no save, and must not take away what is being typed.
 */
export function useSaved(saved, then) {
  const last = useRef(saved);
  const acted = useRef(false);
  useEffect(() => {
    const isSaved = acted.current && saved > last.current;
    last.current = saved;
    if (!isSaved) return;
    acted.current = false;
    then();
  }, [saved]);
  return () => {
    acted.current = true;
  };
}
