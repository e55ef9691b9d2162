const heading = (tag, scope, name, title, sub) => {
  const th = el(tag, name);
  th.scope = scope;
  return add(th, el("span", "title", title), sub ? el("span", "sub", sub) : null);
};

const model = ({ model, note }) => {
  const th = heading("th", "row", "model", "", note);
  parts(th.firstChild, model);
  return th;
};

const grid = (data) => {
  const node = el("table");
  node.setAttribute("role", "grid");
  node.setAttribute("aria-label", data.caption);
  const groups = add(el("tr"), el("td", "corner"));
  for (const { title, span } of data.groups) {
    const th = heading("th", "colgroup", "group", title);
    th.colSpan = span;
    add(groups, th);
  }
  const titles = add(el("tr"), heading("th", "col", "corner", "Model"));
  for (const { title, sub } of data.columns) add(titles, heading("th", "col", "task", title, sub));
  const body = el("tbody");
  data.rows.forEach((row, r) => {
    const tr = add(el("tr"), model(row));
    row.cells.forEach((cell, c) => {
      const td = el("td", `cell ${cell.kind} level${cell.level}`);
      td.dataset.row = r;
      td.dataset.column = c;
      td.tabIndex = -1;
      td.setAttribute("aria-label", cell.label);
      const value = el("span", "value");
      if (cell.mark) add(value, el("span", "mark", cell.mark));
      add(tr, add(td, add(value, document.createTextNode(cell.text)), el("span", "sub", cell.sub)));
    });
    add(body, tr);
  });
  return add(node, add(el("thead"), groups, titles), body);
};

const moves = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  Home: [0, -Infinity], End: [0, Infinity], PageUp: [-Infinity, 0], PageDown: [Infinity, 0],
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = mount(parentElement);
  const place = (root.place ??= { row: 0, column: 0 });
  const hadFocus = root.contains(parentElement.activeElement ?? document.activeElement);
  const node = grid(data);
  const readout = el("p", "readout", data.hint);
  readout.setAttribute("aria-hidden", "true");
  const at = (row, column) => node.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
  const within = (value, size) => Math.min(Math.max(value, 0), size - 1);

  const go = (row, column, focus) => {
    at(place.row, place.column)?.setAttribute("tabindex", "-1");
    place.row = within(row, data.rows.length);
    place.column = within(column, data.columns.length);
    const cell = at(place.row, place.column);
    if (!cell) return;
    cell.tabIndex = 0;
    if (focus) cell.focus();
  };
  const read = (event) => {
    const cell = event.target.closest("td.cell");
    if (cell) readout.textContent = cell.getAttribute("aria-label");
  };
  const choose = () =>
    setTriggerValue("chosen", { task: data.columns[place.column].task, model: data.rows[place.row].model });

  node.addEventListener("focusin", read);
  node.addEventListener("mouseover", read);
  node.addEventListener("click", (event) => {
    const cell = event.target.closest("td.cell");
    if (!cell) return;
    go(Number(cell.dataset.row), Number(cell.dataset.column), true);
    choose();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") choose();
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    go(place.row + move[0], place.column + move[1], true);
  });

  const box = add(el("div", "box"), node);
  const left = root.querySelector(".box")?.scrollLeft ?? 0;
  const legend = add(el("ul", "legend"), ...data.legend.map(({ kind, mark, text }) =>
    add(el("li"), el("span", `key ${kind}`, mark), el("span", "", text))));
  legend.setAttribute("role", "list");
  root.replaceChildren(box, readout, legend);
  box.scrollLeft = left;
  go(place.row, place.column, hadFocus);
}
