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

// Lines break after the slash of a model's id and after the dots of a list of figures, never within a part.
const parts = (node, text) => {
  const breaks = text.includes(" · ") ? /(?<= · )/ : text.includes(" ") ? null : /(?<=\/)/;
  if (!breaks) return add(node, document.createTextNode(text));
  text.split(breaks).forEach((part, i) => {
    if (i) add(node, el("wbr"));
    add(node, el("span", "part", part));
  });
  return node;
};
