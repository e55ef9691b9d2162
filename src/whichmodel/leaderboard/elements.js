const line = ({ text, tone }) => {
  const node = el({ banner: "div", title: "h3" }[tone] ?? "p", `line ${tone}`);
  const [head, ...rest] = Array.isArray(text) ? text : [text];
  if (rest.length) add(node, el("strong", "", head), document.createTextNode(" "), el("span", "", rest.join(" ")));
  else node.textContent = head;
  if (tone === "banner") node.setAttribute("role", "note");
  return node;
};

const card = ({ label, value, detail, tone }) => {
  const node = el("li", "card");
  return add(
    node, el("span", "label", label), el("strong", "value", value), el("span", `detail ${tone ?? ""}`, detail),
  );
};

const bar = ({ low, value, high }, scale) => {
  const share = (x) => Math.min(100, Math.max(0, (100 * (x - scale.low)) / (scale.high - scale.low)));
  const track = el("span", "track");
  track.setAttribute("aria-hidden", "true");
  const range = el("span", "range");
  range.style.left = `${share(low)}%`;
  range.style.width = `${Math.max(1.5, share(high) - share(low))}%`;
  const dot = el("span", "dot");
  dot.style.left = `${share(value)}%`;
  const band = scale.band && el("span", "band");
  if (band) {
    band.style.left = `${share(scale.band[0])}%`;
    band.style.width = `${share(scale.band[1]) - share(scale.band[0])}%`;
  }
  const mark = typeof scale.line === "number" && el("span", "zero");
  if (mark) mark.style.left = `${share(scale.line)}%`;
  return add(track, band, mark, range, dot);
};

const fill = (td, cell, scale, act) => {
  const main = el(cell.action ? "button" : "span", cell.strong ? "main strong" : "main");
  if (cell.action) {
    main.type = "button";
    main.title = cell.hint ?? "";
    main.addEventListener("click", () => act(cell.action));
  }
  const mark = cell.mark ? el("span", "mark", cell.mark) : null;
  mark?.setAttribute("aria-hidden", "true");
  add(main, parts(el("span", "text"), cell.text, mark));
  const box = add(el("div", "cell"), main);
  if (cell.bar) add(box, bar(cell.bar, scale));
  if (cell.sub) add(box, parts(el("span", "sub"), cell.sub));
  return add(td, box);
};

const table = (data, act) => {
  const node = el("table");
  node.setAttribute("role", "table");
  add(node, el("caption", "hidden", data.caption));
  const head = el("tr");
  head.setAttribute("role", "row");
  for (const column of data.columns) {
    const th = el("th", column.end ? "end" : "", column.title);
    th.scope = "col";
    th.setAttribute("role", "columnheader");
    if (column.width) th.style.width = column.width;
    add(head, th);
  }
  const thead = add(el("thead"), head);
  const body = el("tbody");
  for (const group of [thead, body]) group.setAttribute("role", "rowgroup");
  for (const row of data.rows) {
    const tr = el("tr", row.selected ? "selected" : "");
    tr.setAttribute("role", "row");
    row.cells.forEach((cell, i) => {
      const { title, end, wide } = data.columns[i];
      const td = el(i ? "td" : "th", [end && "end", wide && "wide"].filter(Boolean).join(" "));
      td.setAttribute("role", i ? "cell" : "rowheader");
      if (!i) td.scope = "row";
      td.dataset.title = i ? title : "";
      add(tr, fill(td, cell, data.scale, act));
    });
    add(body, tr);
  }
  return add(node, thead, body);
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = mount(parentElement);
  root.replaceChildren();
  if (data.lines) add(root, ...data.lines.map(line));
  if (data.reveal && root.dataset.reveal !== data.reveal) {
    root.dataset.reveal = data.reveal;
    requestAnimationFrame(() => root.scrollIntoView({ block: "start" }));
  }
  if (data.cards) {
    const list = add(el("ul", "cards"), ...data.cards.map(card));
    list.setAttribute("role", "list");
    add(root, list);
  }
  if (data.columns) add(root, add(el("div", "box"), table(data, (id) => setTriggerValue("chosen", id))));
}
