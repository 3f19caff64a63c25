// Shows {{first_name|friend}} as a chip in the editor.
import { Extension } from "@tiptap/react";
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

const TOKEN = /\{\{[^{}]+\}\}/g;

/** Merge fields stay plain text, {{first_name|friend}}, and only look like chips: what is sent is what is written. */
export const MergeFields = Extension.create({
  name: "mergeFields",
  addProseMirrorPlugins: () => [new Plugin({
    props: {
      decorations: ({ doc }) => {
        const chips = [];
        doc.descendants((node, at) => {
          for (const found of node.text?.matchAll(TOKEN) ?? []) {
            chips.push(Decoration.inline(at + found.index, at + found.index + found[0].length, { class: "merge" }));
          }
        });
        return DecorationSet.create(doc, chips);
      },
    },
  })],
});
