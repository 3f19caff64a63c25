// Merge fields as chips: what is kept is plain {{first_name|friend}}, what is shown is the field's name and its fallback.
import { Node } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

const TOKEN = /\{\{\s*([^{}]+?)\s*\}\}/g;
const KEPT = /<span data-merge="[^"]*">(\{\{[^<]*\}\})<\/span>/g;

/** The editor's HTML as it is kept: without a trace of the chips. */
export const plainTokens = (html) => html.replace(KEPT, "$1");

/** Have the tokens of a text that an editor starts with made into chips. */
export const showChips = ({ editor }) => editor.view.dispatch(editor.state.tr.setMeta("chips", true).setMeta("addToHistory", false));

/** Options: fields (id, label), labels (fallback, else). */
export const MergeFields = Node.create({
  name: "mergeField",
  group: "inline",
  inline: true,
  atom: true,
  addOptions: () => ({ fields: [], labels: {} }),
  addAttributes: () => ({ token: { default: "", parseHTML: (dom) => dom.dataset.merge, renderHTML: ({ token }) => ({ "data-merge": token }) } }),
  parseHTML: () => [{ tag: "span[data-merge]" }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", HTMLAttributes, `{{${node.attrs.token}}}`],
  renderText: ({ node }) => `{{${node.attrs.token}}}`,

  addNodeView() {
    const { fields, labels } = this.options;
    return ({ node, editor, getPos }) => {
      const [id, fallback = ""] = node.attrs.token.split("|").map((part) => part.trim());
      const field = fields.find((one) => one.id === id);
      const dom = document.createElement("span");
      dom.className = "merge";
      dom.dataset.unknown = !field;
      dom.title = labels.fallback;
      dom.textContent = field?.label ?? node.attrs.token;
      if (field && fallback) dom.append(Object.assign(document.createElement("small"), { textContent: labels.else.replace("{text}", fallback) }));
      dom.ondblclick = () => askFallback(editor, getPos(), labels);
      return { dom };
    };
  },

  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { node, from } = editor.state.selection;
        if (node?.type.name !== this.name) return false;
        askFallback(editor, from, this.options.labels);
        return true;
      },
    };
  },

  addProseMirrorPlugins() {
    return [new Plugin({
      appendTransaction: (changes, _, state) => (changes.some((change) => change.docChanged || change.getMeta("chips")) ? chipsOf(state, this.type) : null),
    })];
  },
});

/** Tokens that stand in the text as they were typed, pasted or loaded become chips. */
function chipsOf(state, type) {
  const found = [];
  state.doc.descendants((node, at) => {
    for (const match of node.text?.matchAll(TOKEN) ?? []) found.push([at + match.index, at + match.index + match[0].length, match[1], node.marks]);
  });
  if (!found.length) return null;
  const change = state.tr;
  for (const [from, to, token, marks] of found.reverse()) change.replaceWith(from, to, type.create({ token }, null, marks));
  return change;
}

function askFallback(editor, at, labels) {
  const [id, fallback = ""] = editor.state.doc.nodeAt(at).attrs.token.split("|");
  const text = prompt(labels.fallback, fallback.trim());
  if (text === null) return;
  const clean = text.replace(/[{}|]/g, "").trim();
  editor.chain().focus().command(({ tr }) => tr.setNodeMarkup(at, null, { token: clean ? `${id.trim()}|${clean}` : id.trim() })).run();
}
