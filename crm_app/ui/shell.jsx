// What the frame does in the browser: the title of the document, and leaving nothing behind when a person logs out.
import { useEffect } from "react";

export function PageTitle({ text, brand }) {
  useEffect(() => {
    document.title = text && text !== brand ? `${text} · ${brand}` : brand;
  }, [text, brand]);
  return null;
}

/** Drafts belong to the person who typed them, not to the next one at this computer. */
export const forgetDrafts = () =>
  Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
