const LONG = 700;
const SHORT = 40;
const BESIDE = 18;
const SHOWN_CHECKS = 6;
const OWN_IMAGE = "data:image/webp;base64,";

const length = ({ pieces }) => pieces.reduce((sum, { text }) => sum + text.length, 0);
const titled = (title, sub) => add(
  el("p", "label"), el("span", "title", title), sub ? el("span", "sub", sub) : null,
);

const box = (block, whose) => {
  const node = el("pre", block.code ? "text code" : "text");
  node.tabIndex = 0;
  node.dir = block.code ? "ltr" : "auto";
  node.setAttribute("role", "region");
  node.setAttribute("aria-label", [block.label, whose].filter(Boolean).join(" of "));
  for (const { text, mark } of block.pieces) {
    if (!mark) {
      node.append(text);
      continue;
    }
    const told = add(el("span", text.length < SHORT ? "told" : ""), el("mark", "", text), el("span", "tag", `✗ ${mark}`));
    add(node, told);
  }
  return node;
};

const draw = {
  text: (block, whose) => add(
    el("div", "block"), titled(block.label), box(block, whose), block.note ? el("p", "note", block.note) : null,
  ),
  note: ({ text }) => el("p", "note", text),
  pairs: ({ label, entries, code }) => {
    const list = el("dl", code ? "pairs code" : "pairs");
    for (const [name, value] of entries) add(list, add(el("div"), el("dt", "", name), el("dd", "", value)));
    return add(el("div", "block"), titled(label), list);
  },
  checks: ({ label, entries }) => {
    const held = entries.filter(({ holds }) => holds);
    const node = add(el("div", "block"), titled(label, entries.length > 1 ? `${held.length} of ${entries.length} ✓` : ""));
    const open = entries.filter(({ holds }) => !holds);
    const all = entries.length <= SHOWN_CHECKS;
    const listed = all ? entries : open;
    if (listed.length) add(node, checklist(label, listed));
    if (all || !held.length) return node;
    return add(node, add(el("details"), el("summary", "", `✓ ${held.length} ${held[0].word}`), checklist(label, held)));
  },
  image: ({ source, alt, note }) => {
    const img = el("img");
    img.alt = alt;
    if (source.startsWith(OWN_IMAGE)) img.src = source;
    return add(el("figure", "block"), img, el("figcaption", "note", note));
  },
};

const checklist = (label, entries) => {
  const list = el("ul", "checks");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", label);
  for (const { holds, word, text, note } of entries) {
    const shape = el("span", "shape", holds ? "✓" : "✗");
    shape.setAttribute("aria-hidden", "true");
    const body = add(el("span", "body"), el("strong", "", word), document.createTextNode(` ${text}`));
    add(list, add(el("li", holds ? "holds" : "fails"), shape, add(body, note ? el("span", note.length < BESIDE ? "sub beside" : "sub", note) : null)));
  }
  return list;
};

const folded = (block) => {
  if (block.kind !== "text") return draw[block.kind](block, "the item");
  const size = length(block);
  if (size <= LONG && !block.code) return draw.text(block, "the item");
  const start = block.pieces.map(({ text }) => text).join("").slice(0, 180).replace(/\s+/g, " ");
  const summary = add(
    el("summary"), el("span", "title", block.label), el("span", "sub", `${size.toLocaleString("en")} characters`),
    el("span", "start", `${start}…`),
  );
  return add(
    el("details", "folded"), summary, box(block, "the item"), block.note ? el("p", "note", block.note) : null,
  );
};

const named = (letter, model) => {
  const node = el("h4", "model");
  const badge = el("span", "letter", letter);
  return add(node, badge, parts(el("span", "name"), model));
};

const facts = (entries) => {
  const list = el("dl", "facts");
  for (const [name, value] of entries) add(list, add(el("div"), el("dt", "", name), el("dd", "", value)));
  return list;
};

const head = ({ letter, model, state, facts: entries, notes }) => {
  const shape = el("span", "shape", state.shape);
  shape.setAttribute("aria-hidden", "true");
  const sub = state.detail ? el("span", "sub", state.detail) : null;
  return [
    named(letter, model), add(el("p", "state"), shape, el("strong", "", state.word), sub),
    entries.length ? facts(entries) : null, ...notes.map((text) => el("p", "warning", text)),
  ];
};

const body = ({ letter, blocks, findings }) =>
  [...blocks, ...findings].map((block) => draw[block.kind](block, `answer ${letter}`));

const card = (name, { letter, model }, ...children) => {
  const node = el("section", "card");
  node.setAttribute("aria-label", `${name} ${letter}, ${model}`);
  return add(node, ...children);
};

const fieldCell = (title, field) => {
  const td = el("td");
  td.setAttribute("role", "cell");
  td.dataset.title = title;
  if (!field) return add(td, el("span", "sub", "not read"));
  const { given, right, note } = field;
  const word = right ? "✓" : `✗ differs${note ? `, ${note}` : ""}`;
  return add(
    td, el("span", right ? "value" : "value wrong", given), el("span", right ? "shape" : "tag", word),
    right ? el("span", "hidden", "right") : null,
  );
};

const fieldTable = (fields, [a, b]) => {
  const table = el("table");
  table.setAttribute("role", "table");
  const differ = fields.filter(({ cells }) => cells.some((cell) => cell && !cell.right)).length;
  add(table, el("caption", "", differ ? `${differ} of ${fields.length} fields differ from what is expected`
    : `All ${fields.length} fields are as expected`));
  const row = el("tr");
  row.setAttribute("role", "row");
  for (const title of ["Field", "Expected", `A · ${a.model}`, `B · ${b.model}`]) {
    const th = el("th", "", title);
    th.scope = "col";
    th.setAttribute("role", "columnheader");
    add(row, th);
  }
  const lines = el("tbody");
  for (const { name, expected, cells } of fields) {
    const th = el("th", "", name);
    th.scope = "row";
    th.setAttribute("role", "rowheader");
    const due = el("td");
    due.setAttribute("role", "cell");
    due.dataset.title = "Expected";
    const tr = add(el("tr"), th, add(due, el("span", "value", expected)));
    tr.setAttribute("role", "row");
    cells.forEach((cell, i) => add(tr, fieldCell(`${"AB"[i]} · ${[a, b][i].model}`, cell)));
    add(lines, tr);
  }
  const top = add(el("thead"), row);
  for (const group of [top, lines]) group.setAttribute("role", "rowgroup");
  return add(table, top, lines);
};

export default function ({ data, parentElement }) {
  const root = mount(parentElement);
  const now = JSON.stringify(data);
  if (root.drawn === now) return;
  root.drawn = now;
  root.replaceChildren();
  const { asked: { title, sub, blocks }, answers, fields } = data;
  add(root, add(el("div", "asked"), el("h3", "", title), el("p", "sub", sub), ...blocks.map(folded)));
  const apart = fields.length > 0;
  const heads = answers.map((each) => card("Model", each, ...head(each)));
  const whole = answers.map((each) => card("Answer", each, ...(apart ? [named(each.letter, each.model)] : head(each)), ...body(each)));
  if (apart) add(root, add(el("div", "columns heads"), ...heads), fieldTable(fields, answers));
  add(root, add(el("div", "columns"), ...whole));
}
