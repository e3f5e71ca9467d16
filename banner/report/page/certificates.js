// Certificates that have expired or soon will: the worst first, each a button that shows where it is in use. Those
// that are in use at none of the rows that the filters leave are grey.

const FEW_CERTIFICATES = 6;

function certificateList() {
  if (!data.certificates.length) return null;
  const { tally: count_ } = dimensions.get("certificate");
  const body = el("tbody");
  const more = el("div", { class: "more-buttons" });
  let limit = FEW_CERTIFICATES;
  const show = (number) => {
    limit = number;
    draw();
  };

  function line(one, now) {
    const days = one.days < 0 ? `${plural(-one.days, "day")} ago` : `in ${plural(one.days, "day")}`;
    return el("tr", { class: now[one.code] ? null : "hidden-row" },
      el("td", {}, button(el("bdi", {}, one.subject), () => toggle("certificate", one.code), {
        "data-key": one.code, "aria-pressed": isOn("certificate", one.code), title: `Issued by ${one.issuer}: ${plural(now[one.code], "result")}`,
      })),
      el("td", { class: "number" }, el("time", {}, one.ends)),
      el("td", { class: `number ${one.state === "expired" ? "bad" : ""}` }, one.state === "not yet valid" ? one.state : days));
  }

  function draw() {
    const now = count_(rowsBut("certificate"));
    const order = [...data.certificates].sort((a, b) => !now[a.code] - !now[b.code]);
    redraw(body, order.slice(0, limit).map((one) => line(one, now)));
    redraw(more, moreButtons(order.length, limit, FEW_CERTIFICATES, show));
  }

  listeners.push(draw);
  draw();
  const heads = ["Certificate", "Ends", ""].map((text, at) => at < 2
    ? el("th", { scope: "col", class: at ? "number" : null }, text)
    : el("th", { scope: "col", class: "number" }, el("span", { class: "unseen" }, "Days left")));
  return el("div", {}, el("table", { class: "small" },
    el("caption", { class: "unseen" }, "Certificates that have expired or soon will"),
    el("thead", {}, el("tr", {}, ...heads)), body), more);
}
