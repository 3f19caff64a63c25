// Says that the page is older than the server; and what is wrong with the line, waits a moment before it does so, and falls silent by itself when all is well again.
import { useContext, useEffect, useRef, useState } from "react";
import { EventLoopContext } from "$/utils/context";

/** `lost`: attempts to connect fail; `count` grows with every connection, also with one that nobody noticed. */
export function useConnection() {
  const errors = useContext(EventLoopContext)[1];
  const count = useRef(0);
  const last = useRef(errors);
  if (last.current !== errors && errors.length === 0) count.current += 1;
  last.current = errors;
  return { lost: errors.length > 0, count: count.current };
}

const PATIENCE = 1200;
const GLAD = 2500;

/** Reflex tells it when a reload has not brought the new page: a proxy keeps the old one. */
function useNewVersion() {
  const [is, setIs] = useState(false);
  useEffect(() => {
    const hear = () => setIs(true);
    addEventListener("crm:new-version", hear);
    return () => removeEventListener("crm:new-version", hear);
  }, []);
  return is;
}

export function Connection({ labels }) {
  const { lost } = useConnection();
  const isOld = useNewVersion();
  const [online, setOnline] = useState(true);
  const [shown, setShown] = useState("");
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    look();
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  const state = !online ? "network" : lost ? "server" : "";
  useEffect(() => {
    if (state) {
      const timer = setTimeout(() => setShown(state), state === "network" ? 0 : PATIENCE);
      return () => clearTimeout(timer);
    }
    setShown((before) => (before && before !== "back" ? "back" : before));
    const timer = setTimeout(() => setShown(""), GLAD);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <div className="banners" role="status" aria-live="polite">
      {isOld && (
        <div className="banner" data-level="info">
          <span>{labels.old}</span>
          <button type="button" className="button button-quiet button-small" onClick={() => location.reload()}>{labels.reload}</button>
        </div>
      )}
      {shown && (
        <div className="banner" data-level={shown === "back" ? "good" : "warn"}>
          {shown !== "back" && <span className="spinner" aria-hidden="true" />}
          <span>{labels[shown]}</span>
        </div>
      )}
    </div>
  );
}
