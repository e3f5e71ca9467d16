// Certificates that have expired or soon will: the worst first, each a button that shows where it is in use.

function certificateList() {
  if (!data.certificates.length) return null;
  const body = el("tbody");
  const more = button("", () => {
    open = !open;
    draw();
  }, { class: "more-button" });
  let open = false;

  function line(one) {
    const days = one.days < 0 ? `${count(-one.days)} days ago` : `in ${plural(one.days, "day")}`;
    return el("tr", {},
      el("td", {}, button(el("bdi", {}, one.subject), () => toggle("certificate", one.code), {
        "data-key": one.code, "aria-pressed": isOn("certificate", one.code), title: `Issued by ${one.issuer}`,
      })),
      el("td", { class: "number" }, el("time", {}, one.ends)),
      el("td", { class: `number ${one.state === "expired" ? "bad" : ""}` }, one.state === "not yet valid" ? one.state : days));
  }

  function draw() {
    redraw(body, data.certificates.slice(0, open ? 500 : 6).map(line));
    more.hidden = data.certificates.length <= 6;
    more.textContent = open ? "Show fewer" : `Show ${count(data.certificates.length - 6)} more`;
    more.setAttribute("aria-expanded", String(open));
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
