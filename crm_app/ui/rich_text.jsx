// A letter's text: Tiptap with a small toolbar, merge fields shown as chips, and the HTML itself for those who want it.
import { useEffect, useRef, useState } from "react";
import { EditorContent, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { MergeFields, plainTokens, showChips } from "./merge_fields.js";

const TOOLS = [
  ["bold", "B", (chain) => chain.toggleBold()],
  ["italic", "I", (chain) => chain.toggleItalic()],
  ["underline", "U", (chain) => chain.toggleUnderline()],
  ["heading", "H", (chain) => chain.toggleHeading({ level: 2 })],
  ["bulletList", "•", (chain) => chain.toggleBulletList()],
  ["orderedList", "1.", (chain) => chain.toggleOrderedList()],
];

export function RichText({ name, value = "", fields = [], labels, onChange }) {
  const timer = useRef(0);
  const told = useRef(value);
  const [html, setHtml] = useState(value);
  const [source, setSource] = useState(false);
  const [, redraw] = useState(0);
  const say = (next) => {
    setHtml(next);
    clearTimeout(timer.current);
    // One event for a pause in typing, not one for each key.
    timer.current = setTimeout(() => onChange?.(next), 500);
  };
  const editor = useEditor({
    extensions: [StarterKit.configure({ link: { openOnClick: false } }), MergeFields.configure({ fields, labels })],
    content: html,
    immediatelyRender: false,
    editorProps: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": labels.text } },
    onUpdate: ({ editor: now }) => say(now.isEmpty ? "" : plainTokens(now.getHTML())),
    onCreate: showChips,
    onTransaction: () => redraw((count) => count + 1),
  }, [labels.text]);
  useEffect(() => {
    // Only what the server says anew takes the place of what was typed; a new editor, for another language, does not.
    if (!editor || value === told.current) return;
    told.current = value;
    if (editor.isFocused || value === html) return;
    setHtml(value);
    editor.commands.setContent(value, { emitUpdate: false });
  }, [value, editor]);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!editor) return <div className="rich"><div className="rich-body" /></div>;

  const run = (change) => (event) => {
    event.preventDefault();
    change(editor.chain().focus()).run();
  };
  const link = (event) => {
    event.preventDefault();
    const address = prompt(labels.link_address, editor.getAttributes("link").href ?? "https://");
    if (address === "") editor.chain().focus().unsetLink().run();
    else if (address) editor.chain().focus().extendMarkRange("link").setLink({ href: address }).run();
  };
  const toggleSource = () => {
    if (source) editor.commands.setContent(html, { emitUpdate: false });
    setSource(!source);
  };
  const button = (label, sign, on, pressed) => (
    <button key={label} type="button" aria-label={label} title={label} aria-pressed={pressed} disabled={source} onMouseDown={(event) => event.preventDefault()} onClick={on}>{sign}</button>
  );
  return (
    <div className="rich">
      <div className="rich-bar" role="toolbar" aria-label={labels.bar}>
        {TOOLS.map(([mark, sign, change]) => button(labels[mark], sign, run(change), editor.isActive(mark)))}
        {button(labels.link, "↗", link, editor.isActive("link"))}
        {button(labels.undo, "↶", run((chain) => chain.undo()))}
        {button(labels.redo, "↷", run((chain) => chain.redo()))}
        {fields.length > 0 && (
          <select aria-label={labels.field} value="" disabled={source} onChange={(event) => editor.chain().focus().insertContent({ type: "mergeField", attrs: { token: event.target.value } }).run()}>
            <option value="">{labels.field}</option>
            {fields.map((field) => <option key={field.id} value={field.hint ? `${field.id}|${field.hint}` : field.id}>{field.label}</option>)}
          </select>
        )}
        <span className="gap" />
        <button type="button" aria-pressed={source} onClick={toggleSource}>{labels.source}</button>
      </div>
      {source ? <textarea className="rich-source" aria-label={labels.source} value={html} spellCheck="false" onChange={(event) => say(event.target.value)} />
        : <EditorContent editor={editor} className="rich-body" />}
      <input type="hidden" name={name} value={html} readOnly />
    </div>
  );
}
