// Every text goes through textContent: what comes from models, tasks or files is never read as markup.
const el = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
};
const add = (parent, ...children) => {
  for (const child of children) if (child) parent.appendChild(child);
  return parent;
};
const mount = (parentElement) => parentElement.querySelector(".root");

// A model's id breaks after its slash alone, a list of figures after its dots; a sentence, as sentences do.
// `lead` is a shape that stays with what comes first.
const parts = (node, text, lead) => {
  const list = text.includes(" · ");
  if (!list && !lead && text.includes(" ")) return add(node, document.createTextNode(text));
  text.split(list ? /(?<= · )/ : /(?<=\/)/).forEach((part, i) => {
    add(node, i ? el("wbr") : null, add(el("span", "part"), i ? null : lead, document.createTextNode(part)));
  });
  return node;
};
