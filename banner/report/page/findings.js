// What a network's owner has to act on, first: a button for each kind, which filters.

function findingsLine() {
  const { label, before, tally: count_ } = dimensions.get("finding");
  const all = count_(everyRow);
  const list = el("ul", { class: "findings" });

  function item(code, now) {
    return el("li", {}, el("button", {
      type: "button", class: now[code] ? null : "none", "data-key": code, "aria-pressed": isOn("finding", code), on: { click: () => toggle("finding", code) },
    }, el("b", {}, count(now[code])), " ", label(code), before && before(label(code)) !== all[code] ? el("small", {}, ` was ${count(before(label(code)))}`) : null));
  }

  function draw() {
    const now = count_(rowsBut("finding"));
    redraw(list, [...all.keys()].filter((code) => all[code] || (before && before(label(code)))).map((code) => item(code, now)));
  }

  listeners.push(draw);
  draw();
  if (list.children.length) return [el("h2", { id: "to-act-on" }, "To act on"), list];
  const { tls, ssh, greeted } = data.seen;
  return [el("h2", { id: "to-act-on" }, "To act on"), el("p", { class: "quiet" },
    `Nothing was found among ${plural(greeted, "greeting")}, ${count(tls)} with TLS and ${count(ssh)} with SSH.`)];
}

// What was found of one row, with the evidence.
function evidenceOf(row) {
  const told = data.found?.evidence[row];
  if (!told) return null;
  return el("ul", { class: "evidence" }, ...told.map(([code, text]) => el("li", {},
    el("b", {}, data.findings[code][1]), " ", isolated(text))));
}
