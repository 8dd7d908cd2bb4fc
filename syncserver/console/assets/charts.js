// Draws each chart from the table beside it, in the colours of the page; drawn anew when those or the width change.
"use strict";

(() => {
  const INKS = ["--accent", "--bad-text", "--warn-text", "--good-text"];
  const HEIGHT = 240;
  const drawn = new Map();

  function colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function read(figure) {
    const table = figure.querySelector("table");
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));
    const number = (text) => (text === "–" ? null : Number(text.replaceAll(",", "").replace(/[^0-9.-]/g, "")));
    const drawn = figure.dataset.kind === "shares" ? 1 : names.length - 1; // what a share is of stands in the table alone
    const columns = names.slice(1, drawn + 1).map((_, at) => rows.map((row) => number(row[at + 1])));
    return { names: names.slice(0, drawn + 1), labels: rows.map((row) => row[0]), columns };
  }

  function options(figure, { names, labels }) {
    const text = colour("--muted");
    const line = colour("--border");
    const shares = figure.dataset.kind === "shares";
    const bars = shares || figure.dataset.kind === "bars";
    const paths = bars ? uPlot.paths.bars({ size: [0.6, 48] }) : undefined;
    const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "12px system-ui" };
    const label = (value) => (Number.isInteger(value) && labels[value] !== undefined ? labels[value].replace(/^\d{4}-/, "").replaceAll(" ", "\n") : "");
    const lines = Math.max(...labels.map((one) => one.split(" ").length), 1);
    return {
      width: figure.clientWidth,
      height: HEIGHT,
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false, range: [-0.6, Math.max(labels.length - 0.4, 0.6)] }, y: { range: (_, low, high) => [0, shares ? 100 : Math.max(high * 1.1, 1)] } },
      axes: [
        { ...axis, size: 32 + 15 * lines, grid: { show: false }, incrs: [1, 2, 5, 7, 10, 14, 30, 60, 90], space: 64, values: (_, all) => all.map(label) },
        { ...axis, size: 56, values: (_, all) => all.map((value) => (shares ? `${value} %` : value.toLocaleString("en"))), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 1e6] },
      ],
      series: [
        { label: names[0], value: (_, value) => labels[value] ?? "" },
        ...names.slice(1).map((name, at) => {
          const ink = colour(INKS[at % INKS.length]);
          return { label: name, stroke: ink, fill: bars ? ink : undefined, width: bars ? 0 : 2, paths, points: { show: !bars && labels.length < 8 }, value: (_, value) => value ?? "" };
        }),
      ],
    };
  }

  function draw(figure) {
    const place = figure.querySelector(".drawing");
    drawn.get(figure)?.destroy();
    const table = read(figure);
    const data = [table.labels.map((_, at) => at), ...table.columns];
    drawn.set(figure, new uPlot(options(figure, table), data, place));
  }

  function drawAll() {
    for (const figure of drawn.keys()) if (!figure.isConnected) drawn.delete(figure);
    for (const figure of document.querySelectorAll(".chart")) draw(figure);
  }

  let waiting = 0;
  const drawSoon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(drawAll);
  };
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawSoon);
  addEventListener("resize", drawSoon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon);
})();
