const stage = ({ left, name, lost, share }) => {
  const node = el("li", "stage");
  const head = add(el("span", "head"), el("strong", "left", left), document.createTextNode(" "), el("span", "", name));
  const track = add(el("span", "track"), null);
  track.setAttribute("aria-hidden", "true");
  const filled = el("span", "filled");
  filled.style.width = `${100 * share}%`;
  add(track, filled);
  return add(node, head, track, lost ? parts(el("span", "lost"), lost) : null);
};

export default function ({ data, parentElement }) {
  const root = mount(parentElement);
  root.replaceChildren();
  const list = el("ol", "funnel");
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  add(root, add(list, ...data.stages.map(stage)));
}
