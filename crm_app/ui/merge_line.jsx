// One line of text with merge fields as chips, such as a letter's subject; out comes plain text with {{tokens}}.
import { useEffect, useRef, useState } from "react";
import { Node } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { MergeFields, showChips } from "./merge_fields.js";

const OneLine = Node.create({ name: "doc", topNode: true, content: "paragraph" });
const PARTS = ["blockquote", "bold", "bulletList", "code", "codeBlock", "document", "dropcursor", "gapcursor", "hardBreak", "heading", "horizontalRule",
  "italic", "link", "listItem", "listKeymap", "orderedList", "strike", "trailingNode", "underline"];
const TextOnly = StarterKit.configure(Object.fromEntries(PARTS.map((part) => [part, false])));
const asDoc = (text) => ({ type: "doc", content: [{ type: "paragraph", content: text ? [{ type: "text", text }] : [] }] });

export function MergeLine({ name, value = "", fields = [], labels, labelledBy, describedBy, invalid, disabled }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const editor = useEditor({
    extensions: [OneLine, TextOnly, MergeFields.configure({ fields, labels })],
    content: asDoc(text),
    editable: !disabled,
    immediatelyRender: false,
    editorProps: {
      attributes: { role: "textbox", "aria-labelledby": labelledBy, "aria-describedby": describedBy },
      handleKeyDown: (view, event) => {
        if (event.key !== "Enter" || view.state.selection.node) return false;
        view.dom.closest("form")?.requestSubmit();
        return true;
      },
    },
    onCreate: showChips,
    onUpdate: ({ editor: now }) => setText(now.getText()),
  }, [labels.field]);
  useEffect(() => {
    // Only what the server says anew takes the place of what was typed; a new editor, for another language, does not.
    if (!editor || value === told.current) return;
    told.current = value;
    if (editor.isFocused || value === editor.getText()) return;
    setText(value);
    editor.commands.setContent(asDoc(value), { emitUpdate: false });
  }, [value, editor]);
  return (
    <div className="input merge-line" data-invalid={invalid}>
      <EditorContent editor={editor} className="grow" />
      {fields.length > 0 && (
        <select aria-label={labels.field} value="" disabled={disabled} onChange={(event) => editor.chain().focus().insertContent({ type: "mergeField", attrs: { token: event.target.value } }).run()}>
          <option value="">{labels.field}</option>
          {fields.map((field) => <option key={field.id} value={field.hint ? `${field.id}|${field.hint}` : field.id}>{field.label}</option>)}
        </select>
      )}
      <input type="hidden" name={name} value={text} readOnly />
    </div>
  );
}
