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
